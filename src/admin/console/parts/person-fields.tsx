import { PERSON_COLUMNS, type PersonColumn } from "../../../directory/people/csv/people-columns.ts";
import type { Form } from "../form.ts";
import { TextField } from "./field.tsx";

const LABELS: Readonly<Record<PersonColumn, string>> = {
  email: "Email",
  userName: "User name",
  givenName: "Given name",
  familyName: "Family name",
  displayName: "Display name",
  department: "Department (the attribute)",
  externalId: "External id",
};

export type PersonValues = Readonly<Partial<Record<PersonColumn, string | null>>>;

/** What a person who is enrolled by hand can have. */
export const PersonInputs = ({
  values,
  required,
}: {
  values: PersonValues;
  required: PersonColumn;
}) => (
  <div class="fields">
    {PERSON_COLUMNS.map((name) => (
      <TextField
        label={LABELS[name]}
        name={name}
        type={name === "email" ? "email" : "text"}
        value={values[name] ?? ""}
        required={name === required}
      />
    ))}
  </div>
);

/** What was typed into them. */
export const personTyped = (form: Form): Record<PersonColumn, string> => ({
  email: form.text("email"),
  userName: form.text("userName"),
  givenName: form.text("givenName"),
  familyName: form.text("familyName"),
  displayName: form.text("displayName"),
  department: form.text("department"),
  externalId: form.text("externalId"),
});
