import { printFilter, printPath } from "../filter/print.ts";
import { foldText } from "../fold.ts";
import { isJsonObject } from "../json.ts";
import type { PatchOperation } from "./operation.ts";

/**
 * One key for each single thing that an operation sets: equal keys in one path-less value are one attribute under two
 * spellings (`name: {"givenName": …}` and `"name.givenName": …`). `name` is for the error.
 */
export function targetKeys({ target, value }: PatchOperation): { key: string; name: string }[] {
  switch (target.kind) {
    case "extension":
      return [{ key: foldText(target.uri), name: target.uri }];
    case "foreign":
      return [
        {
          key: `${foldText(target.uri)} ${target.name}.${target.subName ?? ""}`,
          name: target.name,
        },
      ];
    case "attribute": {
      const name = printPath(target.path);
      const filter = target.valueFilter === undefined ? "" : printFilter(target.valueFilter);
      const isPartial = isJsonObject(value) && target.path.subAttribute === undefined;
      const names = isPartial ? Object.keys(value).map((sub) => `${name}.${sub}`) : [name];
      return names.map((each) => ({ key: `${each} ${filter}`, name: each }));
    }
  }
}
