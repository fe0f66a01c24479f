import * as fc from "fast-check";

import { KINDS, recordOf, type Inhabitant, type Kind, type Known } from "./inhabitant.ts";

/** What decides the details of a step. */
export interface Choice {
  /** Which of a few names, that every tenant uses. */
  readonly name: number;
  /** Which of the ids of a kind. */
  readonly at: number;
  /** Another tenant's id in place of an own one. */
  readonly isForeign: boolean;
  readonly flag: boolean;
}

/** A tenant that takes a step, with what it knows of another one. */
export interface Player {
  readonly who: Inhabitant;
  readonly others: Known;
}

export const anyChoice: fc.Arbitrary<Choice> = fc.record({
  name: fc.nat(3),
  at: fc.nat(6),
  isForeign: fc.boolean(),
  flag: fc.boolean(),
});

const NOBODY = "01a00000-0000-7000-8000-000000000000";

/** An id of that kind: an own one, or one of another tenant. */
export function pick({ who, others }: Player, kind: Kind, { at, isForeign }: Choice): string {
  if (isForeign) return others[kind];
  const own = who.own[kind];
  return own[at % Math.max(1, own.length)] ?? NOBODY;
}

/** Ids in a text with other last characters: they stand where the real ones do in the order of ids. */
const turned = (text: string): string =>
  text.replaceAll(/(-[0-9a-f]{4}-[0-9a-f]{8})[0-9a-f]{4}(?![0-9a-f])/g, "$10bad");

function turnedCursor(cursor: string): string {
  const text = turned(atob(cursor.replaceAll("-", "+").replaceAll("_", "/")));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function madeUpOf(kind: Kind, text: string): string {
  switch (kind) {
    case "slug":
      return "never-settled";
    case "cursor":
    case "adminCursor":
      return turnedCursor(text);
    case "person":
    case "group":
    case "department":
    case "token":
    case "key":
    case "client":
    case "link":
    case "badge":
    case "alert":
      return turned(text);
  }
}

/** The same as is known of a tenant, of one that never was. */
export function madeUp(known: Known): Known {
  const entries = KINDS.map((kind) => [kind, madeUpOf(kind, known[kind])] as const);
  for (const [kind, text] of entries) if (text === known[kind]) throw new Error(`Real: ${kind}`);
  return recordOf(entries);
}
