import type { Settings } from "../settings.ts";

/** What a change of settings does to rows that people have already. */
export interface SettingsEffects {
  /** `unique`: each address belongs to one person from now on; `free`: people may share one. */
  readonly addresses: "unique" | "free" | undefined;
  /** People's address or department follow from a rule that is another one now. */
  readonly recompute: boolean;
}

/**
 * Switching the department attribute off recomputes nothing: the links that it made stay, so that nothing is
 * lost when it is switched on again.
 */
export function settingsEffects(before: Settings, after: Settings): SettingsEffects {
  const attribute = before.departmentAttribute !== after.departmentAttribute;
  return {
    addresses:
      before.uniqueEmail === after.uniqueEmail ? undefined : after.uniqueEmail ? "unique" : "free",
    recompute:
      before.email !== after.email || (attribute && after.departmentAttribute === "department"),
  };
}
