import type { Settings } from "../../../tenancy/settings.ts";
import type { View } from "../console-env.ts";
import type { Shown } from "../run-form.ts";
import { DataTable } from "./data-table.tsx";
import { SOURCE_WORDS } from "./department-words.tsx";
import { TextField } from "./field.tsx";
import type { Person } from "./person-facts.tsx";
import { PostButton, PostForm } from "./post-form.tsx";

interface Props {
  view: View;
  slug: string;
  path: string;
  person: Person;
  settings: Settings;
  shown: Shown;
}

/** The departments that count for somebody, what put them there, and what of it is an administrator's. */
export function PersonDepartments({ view, slug, path, person, settings, shown }: Props) {
  const { departments, deletedAt } = person;
  const mayAssign = deletedAt === null && view.may("assignToDepartment");
  return (
    <>
      <h2>Departments</h2>
      <DataTable
        caption="Departments"
        columns={["Name", "Put here by", "Change"]}
        empty={deletedAt === null ? "No department." : "They were in no department at the end."}
        rows={departments.map(({ id, name, source }) => [
          <a href={`/console/t/${slug}/departments/${id}`}>{name}</a>,
          SOURCE_WORDS[source],
          source !== "manual"
            ? "in the identity provider"
            : mayAssign && (
                <PostButton
                  view={view}
                  action={path}
                  does="unassign"
                  fields={{ department: id }}
                  tone="quiet"
                >
                  Take out of {name}
                </PostButton>
              ),
        ])}
      />
      {settings.departmentsPerUser === "one" && (
        <p class="hint">
          One counts for each person: that of a group before one by hand, and that before the
          attribute.
        </p>
      )}
      {mayAssign && (
        <PostForm view={view} action={path} does="assign" class="inline">
          <TextField
            label="Assign by hand to the department"
            name="into"
            placeholder="Its name"
            required
            value={shown.form?.text("into") ?? ""}
          />
          <button class="quiet">Assign</button>
        </PostForm>
      )}
    </>
  );
}
