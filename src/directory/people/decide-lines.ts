import type { JsonObject } from "../../scim/json.ts";
import type { DirectoryContext } from "../context.ts";
import { typeNamed } from "../key-writes.ts";
import type { UserDraft, UserUpdate } from "../ports.ts";
import { draftOf, nextKeys } from "./user-draft.ts";
import { userKeys } from "./user-keys.ts";
import type { PeopleRow } from "./csv/read-people-file.ts";
import { decideImport, importKeys, type ImportDecision } from "./decide-import.ts";
import type { ImportMemory } from "./import-memory.ts";

/** A line, what it does, and what is to be written for it. */
export interface DecidedLine {
  readonly row: PeopleRow;
  readonly decision: ImportDecision;
  readonly inserted?: UserDraft;
  readonly updated?: UserUpdate;
}

/** Decides about lines together, in one round trip, and notes in the memory what they say. */
export async function decideLines(
  context: DirectoryContext,
  memory: ImportMemory,
  rows: readonly PeopleRow[],
): Promise<DecidedLine[]> {
  const keys = rows.flatMap(({ person }) =>
    "fields" in person ? [importKeys(person.fields)] : [],
  );
  const distinct = (values: readonly (string | undefined)[]) => [
    ...new Set(values.filter((value) => value !== undefined)),
  ];
  const people = await context.people.havingKeys({
    userNameKeys: distinct(keys.map(({ userNameKey }) => userNameKey)),
    emailKeys: distinct(keys.map(({ emailKey }) => emailKey)),
    externalIds: [],
  });
  const byKey = Map.groupBy(
    people.flatMap((person) =>
      distinct([
        person.keys.userNameKey,
        person.keys.emailKey ?? undefined,
        person.keys.workEmailKey ?? undefined,
      ]).map((key) => ({ key, person })),
    ),
    ({ key }) => key,
  );
  return rows.map((row) => {
    if ("fault" in row.person) {
      return { row, decision: { kind: "conflict", message: row.person.fault } };
    }
    const { fields } = row.person;
    const { userNameKey, emailKey } = importKeys(fields);
    const hits = [userNameKey, emailKey].flatMap((key) => byKey.get(key ?? "") ?? []);
    const here = [...new Set(hits.map(({ person }) => person))].filter(
      ({ id }) => !memory.isKnown(id, row.line),
    );
    const candidates = { people: here, earlier: memory.earlier(fields, row.line) };
    const type = typeNamed(context, "User");
    return remember(context, memory, row, decideImport(fields, candidates, context.settings, type));
  });
}

/** Notes what the line makes of whom; a conflict when an earlier line has taken the keys. */
function remember(
  context: DirectoryContext,
  memory: ImportMemory,
  row: PeopleRow,
  decision: ImportDecision,
): DecidedLine {
  switch (decision.kind) {
    case "conflict":
      return { row, decision };
    case "skip":
      memory.seen(row.line, decision.person);
      return { row, decision };
    case "create": {
      const inserted = newPerson(context, decision.document);
      const taken = takenBy(memory, row, inserted);
      if (taken) return taken;
      memory.made(row.line, inserted.id);
      return { row, decision, inserted };
    }
    case "update": {
      const before = draftOf(decision.person);
      const { document } = decision;
      const after = { ...before, document, keys: nextKeys(before, document, context.settings) };
      const taken = takenBy(memory, row, after);
      if (taken) return taken;
      memory.seen(row.line, decision.person);
      return { row, decision, updated: { version: decision.person.version, before, after } };
    }
  }
}

function takenBy(memory: ImportMemory, row: PeopleRow, person: UserDraft): DecidedLine | undefined {
  const taken = memory.taken(person.keys, row.line);
  if (taken === undefined) {
    memory.take(row.line, person.keys);
    return undefined;
  }
  const message = `Line ${taken.line} has the same ${taken.attribute}.`;
  return { row, decision: { kind: "conflict", message } };
}

const newPerson = (context: DirectoryContext, document: JsonObject): UserDraft => ({
  id: context.ids.next(),
  document,
  keys: userKeys(document, context.settings),
  origin: "manual",
  adoptedAt: null,
  adoptedBy: null,
  deactivatedByHand: false,
  predecessorId: null,
});
