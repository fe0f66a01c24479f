import * as z from "zod";

import { AlertView } from "../../src/admin/alert-view.ts";
import { Problem } from "../../src/admin/api/problem.ts";
import { ChangeView } from "../../src/admin/change-view.ts";
import { DepartmentView } from "../../src/admin/department-view.ts";
import { GroupView } from "../../src/admin/group-view.ts";
import { InvitationView } from "../../src/admin/invitation-view.ts";
import { RunView } from "../../src/admin/run-view.ts";
import { TenantView } from "../../src/admin/tenant-view.ts";
import { TokenView } from "../../src/admin/token-view.ts";
import { UserView } from "../../src/admin/user-view.ts";
import { Settings, SettingsOverrides } from "../../src/tenancy/settings.ts";

/** The objects that the document gives a name, because several operations answer them. */
const NAMED: Readonly<Record<string, z.core.$ZodType>> = {
  Tenant: TenantView,
  Settings,
  SettingsOverrides,
  Token: TokenView,
  User: UserView,
  Group: GroupView,
  Department: DepartmentView,
  Invitation: InvitationView,
  Alert: AlertView,
  Change: ChangeView,
  Run: RunView,
  Problem,
};

for (const [id, schema] of Object.entries(NAMED)) {
  // `add` replaces what `describe` has said.
  z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), id });
}

export type JsonSchema = z.core.JSONSchema.JSONSchema;

const IN_ZOD = "#/$defs/";
export const IN_DOCUMENT = "#/components/schemas/";

/** Turns zod's schemas into JSON Schema, and keeps those that have a name once, for `components.schemas`. */
export function schemaWriter(): {
  write(schema: z.core.$ZodType, io: "input" | "output"): JsonSchema;
  readonly named: Record<string, JsonSchema>;
} {
  const named: Record<string, JsonSchema> = {};
  return {
    named,
    write(schema, io) {
      const {
        $schema: _,
        $defs = {},
        ...rest
      } = withPlaces(z.toJSONSchema(schema, { io, unrepresentable: "any" }));
      for (const [name, definition] of Object.entries($defs)) {
        const known = named[name];
        if (known !== undefined && JSON.stringify(known) !== JSON.stringify(definition))
          throw new Error(`${name} is two things: one goes in and another comes out.`);
        named[name] = definition;
      }
      return rest;
    },
  };
}

/** The same schema, its references pointing into the document. */
function withPlaces(schema: JsonSchema): JsonSchema {
  const text = JSON.stringify(schema).replaceAll(`"$ref":"${IN_ZOD}`, `"$ref":"${IN_DOCUMENT}`);
  return JSON.parse(text) as JsonSchema;
}
