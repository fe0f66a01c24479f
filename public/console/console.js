"use strict";
(() => {
  // src/admin/console/client/copy-buttons.ts
  var SHOWN_MS = 2e3;
  function addCopyButtons(part) {
    if (navigator.clipboard === void 0) return;
    for (const element of part.querySelectorAll("[data-copy]")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copy";
      button.textContent = "Copy";
      const status = document.createElement("span");
      status.className = "visually-hidden";
      status.setAttribute("role", "status");
      button.addEventListener("click", () => void copy(element, button, status));
      element.after(button, status);
    }
  }
  async function copy(element, button, status) {
    const given = element.dataset["copy"] ?? "";
    const text = given === "" ? element.textContent ?? "" : given;
    const outcome = await navigator.clipboard.writeText(text).then(
      () => "Copied",
      // Refused by the reader or the browser: they can still mark the text.
      () => "Not copied"
    );
    button.textContent = outcome;
    status.textContent = outcome;
    setTimeout(() => {
      button.textContent = "Copy";
      status.textContent = "";
    }, SHOWN_MS);
  }

  // src/admin/console/client/keep-live.ts
  var EVERY_MS = 4e3;
  function keepLive(page, added) {
    for (const element of page.querySelectorAll("[data-live]")) {
      const address = element.dataset["live"] ?? "";
      let last;
      const timer = setInterval(() => {
        if (page.hidden || isInUse(element, page)) return;
        void (async () => {
          const answer = await fetch(address, { headers: { Accept: "text/html" } }).catch(() => null);
          if (answer?.redirected) clearInterval(timer);
          if (!answer?.ok || answer.redirected) return;
          const text = await answer.text();
          if (text === last) return;
          last = text;
          replace(element, text);
          added(element);
        })();
      }, EVERY_MS);
    }
  }
  function isInUse(element, page) {
    if (element.querySelector(":focus-visible") !== null) return true;
    const selection = page.getSelection();
    return selection !== null && !selection.isCollapsed && element.contains(selection.anchorNode);
  }
  function replace(element, text) {
    const open = new Set(
      [...element.querySelectorAll("details[open][data-key]")].map(
        (details) => details.dataset["key"]
      )
    );
    const fragment = document.createRange().createContextualFragment(text);
    for (const details of fragment.querySelectorAll("details[data-key]")) {
      details.open = open.has(details.dataset["key"]);
    }
    element.replaceChildren(fragment);
  }

  // src/admin/console/client/local-times.ts
  function localTimes(part) {
    const format = new Intl.DateTimeFormat(void 0, { dateStyle: "medium", timeStyle: "short" });
    for (const time of part.querySelectorAll("time")) {
      const at = new Date(time.dateTime);
      if (Number.isNaN(at.valueOf())) continue;
      time.title = time.dateTime;
      time.textContent = format.format(at);
    }
  }

  // src/admin/console/client/console.ts
  addCopyButtons(document);
  localTimes(document);
  keepLive(document, (part) => {
    addCopyButtons(part);
    localTimes(part);
  });
})();
