import type { TenantView } from "../../tenant-view.ts";
import type { View } from "../console-env.ts";
import { Confirm } from "../parts/confirm.tsx";
import { SelectField, TextField } from "../parts/field.tsx";

/** What stops the tenant, or ends it. The operator's, and with the slug typed once more where there is no way back. */
export function DangerZone({
  view,
  path,
  tenant,
  databases,
}: {
  view: View;
  path: string;
  tenant: TenantView;
  databases: readonly string[];
}) {
  if (!view.may("deleteTenant")) return null;
  const others = (["active", "paused", "suspended"] as const).filter(
    (status) => status !== tenant.status,
  );
  return (
    <section class="card" data-tone="bad">
      <h2>Danger zone</h2>
      {others.map((status) => (
        <Confirm
          view={view}
          action={path}
          does="status"
          fields={{ status }}
          label={STATUSES[status].label}
          {...(status === "active" && { tone: "quiet" as const })}
        >
          <p class="hint">{STATUSES[status].hint}</p>
        </Confirm>
      ))}
      {databases.length > 1 && (
        <Confirm view={view} action={path} does="move" label="Move to another database">
          <SelectField
            label="Database"
            name="database"
            options={databases.map((name) => [name, name] as const)}
            hint="The tenant answers 503 until it has arrived; identity providers try again by themselves."
          />
        </Confirm>
      )}
      <Confirm view={view} action={path} does="delete" label="Delete this tenant">
        <p class="hint">
          Everything of it goes: people, groups, departments, tokens and the log. Identity providers
          get 401 at once. There is no way back.
        </p>
        <TextField label={`Type ${tenant.slug} to delete it`} name="confirm" required />
      </Confirm>
    </section>
  );
}

const STATUSES = {
  active: { label: "Resume", hint: "Requests are answered again." },
  paused: {
    label: "Pause",
    hint: "Every request is answered with 503 and sent again later. After some hours identity providers put the job into quarantine.",
  },
  suspended: {
    label: "Suspend",
    hint: "Every request is refused with 403: the identity provider's administrator sees that provisioning was ended here.",
  },
} as const;
