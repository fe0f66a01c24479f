import type { PropsWithChildren } from "hono/jsx";

interface FieldProps {
  label: string;
  name: string;
  hint?: string;
  /** Where two forms of a page have a field of this name. */
  id?: string;
}

/** A labelled control; the hint is read out with it. */
export function Field({ label, name, hint, id = name, children }: PropsWithChildren<FieldProps>) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

export function TextField({
  type = "text",
  value,
  required,
  placeholder,
  autocomplete = "off",
  ...field
}: FieldProps & {
  type?: "text" | "search" | "number" | "email" | "password" | "date" | "datetime-local" | "file";
  value?: string;
  required?: boolean;
  placeholder?: string;
  autocomplete?: string;
}) {
  const { id = field.name, hint } = field;
  return (
    <Field {...field}>
      <input
        type={type}
        id={id}
        name={field.name}
        value={value}
        required={required}
        placeholder={placeholder}
        autocomplete={autocomplete}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
      />
    </Field>
  );
}

/** `options` are pairs of value and text. */
export function SelectField({
  options,
  value,
  ...field
}: FieldProps & { options: readonly (readonly [string, string])[]; value?: string | undefined }) {
  const { id = field.name, hint } = field;
  return (
    <Field {...field}>
      <select
        id={id}
        name={field.name}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
      >
        {options.map(([option, text]) => (
          <option value={option} selected={option === value}>
            {text}
          </option>
        ))}
      </select>
    </Field>
  );
}
