import { addCopyButtons } from "./copy-buttons.ts";
import { keepLive } from "./keep-live.ts";
import { localTimes } from "./local-times.ts";

// Pages work without this script: it only adds to them.
addCopyButtons(document);
localTimes(document);
keepLive(document, (part) => {
  addCopyButtons(part);
  localTimes(part);
});
