import type { UserKeys } from "./user-keys.ts";
import { importKeys, type EarlierPerson } from "./decide-import.ts";
import type { PersonFields } from "./person-fields.ts";

/**
 * What the lines of one import have said so far. A preview writes nothing and an import writes in portions: with
 * this memory both see the same people as they were before the file, and what earlier lines made of them.
 */
export interface ImportMemory {
  /** People as they were, of whom an earlier line was and who have one of this line's keys. */
  earlier(fields: PersonFields, line: number): EarlierPerson[];
  /** Whether an earlier line was about this person, or made them. */
  isKnown(id: string, line: number): boolean;
  /** What an earlier line has taken of these keys. */
  taken(
    keys: UserKeys,
    line: number,
  ): { readonly attribute: "userName" | "email"; readonly line: number } | undefined;
  /** Notes that the line is about somebody with these keys. */
  seen(line: number, person: { readonly id: string; readonly keys: UserKeys }): void;
  /** Notes that the line made somebody. */
  made(line: number, id: string): void;
  /** Notes the keys that somebody has after the line. */
  take(line: number, keys: UserKeys): void;
}

/** Lines may come again, after a write that failed: what a line itself or a later one said does not count then. */
export function importMemory(): ImportMemory {
  const people = new Map<string, EarlierPerson>();
  const ofKey = new Map<string, Set<string>>();
  const makers = new Map<string, number>();
  const holders = new Map<string, number>();
  const before = (found: number | undefined, line: number) =>
    found !== undefined && found < line ? found : undefined;

  return {
    earlier(fields, line) {
      const { userNameKey, emailKey } = importKeys(fields);
      const ids = [userNameKey, emailKey].flatMap((key) =>
        key === undefined ? [] : [...(ofKey.get(key) ?? [])],
      );
      return [...new Set(ids)].flatMap((id) => {
        const person = people.get(id);
        return person !== undefined && person.line < line ? [person] : [];
      });
    },
    isKnown: (id, line) =>
      before(people.get(id)?.line, line) !== undefined ||
      before(makers.get(id), line) !== undefined,
    taken(keys, line) {
      const byUserName = before(holders.get(`userName ${keys.userNameKey}`), line);
      if (byUserName !== undefined) return { attribute: "userName", line: byUserName };
      const byEmail = keys.emailIsUnique
        ? before(holders.get(`email ${keys.emailKey ?? ""}`), line)
        : undefined;
      return byEmail === undefined ? undefined : { attribute: "email", line: byEmail };
    },
    seen(line, { id, keys }) {
      people.set(id, { id, line, keys });
      for (const key of [keys.userNameKey, keys.emailKey, keys.workEmailKey]) {
        if (key === null) continue;
        ofKey.set(key, (ofKey.get(key) ?? new Set()).add(id));
      }
    },
    made(line, id) {
      makers.set(id, line);
    },
    take(line, keys) {
      holders.set(`userName ${keys.userNameKey}`, line);
      if (keys.emailKey !== null) holders.set(`email ${keys.emailKey}`, line);
    },
  };
}
