import { SCOPES } from "../../../tenancy/scopes.ts";

const TEXTS = {
  "users:read": "read people",
  "users:write": "create, change and delete people",
  "groups:read": "read groups",
  "groups:write": "create, change and delete groups",
} as const;

/** All of them at first, which is what an identity provider needs. */
export const ScopesField = ({ chosen = SCOPES }: { chosen?: readonly string[] }) => (
  <fieldset>
    <legend>It may</legend>
    {SCOPES.map((scope) => (
      <div class="check">
        <input
          type="checkbox"
          id={scope}
          name="scopes"
          value={scope}
          checked={chosen.includes(scope)}
        />
        <label for={scope}>{TEXTS[scope]}</label>
      </div>
    ))}
  </fieldset>
);
