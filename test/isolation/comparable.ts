import type { Answer } from "../scim-client.ts";
import { uuidsIn, type Inhabitant } from "./inhabitant.ts";

const SECRET = /scim_[\w-]{43,}|"(last4|hint|token|key|clientSecret)": ?"[^"]*"/g;
const CURSOR = /"(nextCursor|previousCursor|cursor)": ?"[^"]*"/g;
const TIME = /\d{4}-\d\d-\d\d(?:T[\d:.]+Z?)?/g;

/**
 * Makes answers to one tenant comparable with those to another that did the same: the names of the tenant are gone,
 * and ids are numbered in the order in which they appear.
 */
export function comparableAnswers(who: Inhabitant): (answer: Answer) => unknown {
  const numbers = new Map<string, number>();
  const comparable = (text: string): string => {
    for (const id of uuidsIn(text)) if (!numbers.has(id)) numbers.set(id, numbers.size);
    return uuidsIn(text)
      .reduce((rest, id) => rest.replaceAll(id, `{id ${numbers.get(id)}}`), text)
      .replaceAll(who.canary, "{canary}")
      .replaceAll(who.slug, "{slug}")
      .replaceAll(SECRET, "{secret}")
      .replaceAll(CURSOR, "{cursor}")
      .replaceAll(TIME, "{time}");
  };
  return ({ status, headers, text }) => ({
    status,
    headers: [...headers]
      .filter(([name]) => name !== "x-request-id")
      .map(([name, value]) => `${name}: ${comparable(value)}`),
    text: comparable(text),
  });
}
