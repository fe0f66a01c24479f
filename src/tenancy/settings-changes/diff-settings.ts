import * as z from "zod/mini";

import type { AttributeChange } from "../../journal/change.ts";
import { Settings } from "../settings.ts";
import type { TenantStatus } from "../tenant.ts";

/** What of a tenant a change of it is told by in the journal. */
export interface TenantFacts {
  readonly name: string;
  readonly organisation: string | null;
  readonly status: TenantStatus;
  readonly settings: Settings;
}

type Value = TenantFacts["name" | "organisation"] | Settings[keyof Settings];

/** Addresses of people: the journal tells how many there are, and not which. */
const PERSONAL: ReadonlySet<string> = new Set(["excludedEmails", "notifyEmail"]);

function told(attribute: string, value: Value): unknown {
  if (!PERSONAL.has(attribute)) return value;
  return { count: Array.isArray(value) ? value.length : Number(value !== null) };
}

const flatten = ({ settings, ...rest }: TenantFacts): [string, Value][] => [
  ...Object.entries(rest),
  ...z.keyof(Settings).options.map((name): [string, Value] => [name, settings[name]]),
];

/**
 * Name, status and settings in which a tenant differs, by the names that the API gives them, with the values in
 * force: the preset's where the tenant chose none.
 */
export function diffSettings(before: TenantFacts, after: TenantFacts): AttributeChange[] {
  const now = new Map(flatten(after));
  return flatten(before).flatMap(([attribute, old]) => {
    const value = now.get(attribute) ?? null;
    return JSON.stringify(old) === JSON.stringify(value)
      ? []
      : [{ attribute, before: told(attribute, old), after: told(attribute, value) }];
  });
}
