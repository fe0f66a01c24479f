import type { Settings } from "../../../tenancy/settings.ts";
import { Field, SelectField, TextField } from "../parts/field.tsx";
import type { SettingFacts } from "./fields.ts";

type Value = Settings[keyof Settings];

/** The control of one setting; what is not the preset's choice says so. */
export function SettingField({
  field,
  value,
  preset,
  typed,
  mayBeOff,
}: {
  field: SettingFacts;
  value: Value;
  preset: Value;
  /** What was sent and refused. */
  typed: string | undefined;
  mayBeOff: boolean;
}) {
  const { name, label } = field;
  const isOwn = JSON.stringify(value) !== JSON.stringify(preset);
  const hint = isOwn ? `${field.hint} (Preset: ${inWords(field, preset)}.)` : field.hint;
  const text = typed ?? asText(value);
  switch (field.kind) {
    case "switch":
    case "choice":
      return <SelectField {...{ name, label, hint }} value={text} options={optionsOf(field)} />;
    case "number":
      return <TextField {...{ name, label, hint }} type="number" required value={text} />;
    case "email":
      return <TextField {...{ name, label, hint }} type="email" value={text} />;
    case "guard":
      return (
        <TextField
          {...{ name, label }}
          hint={`${hint} For example: 20, 10, 60.${mayBeOff ? " Empty: off." : ""}`}
          value={text}
        />
      );
    case "lines":
      return (
        <Field {...{ name, label, hint }}>
          <textarea id={name} name={name} rows={3} aria-describedby={`${name}-hint`}>
            {text}
          </textarea>
        </Field>
      );
  }
}

/** A setting as its control holds it. */
export function asText(value: Value): string {
  if (value === null) return "";
  if (Array.isArray(value)) return value.join("\n");
  if (typeof value === "object") return `${value.percent}, ${value.people}, ${value.windowMinutes}`;
  return String(value);
}

/** As the control of the page has it. */
function inWords(field: SettingFacts, value: Value): string {
  const text = asText(value);
  const options = optionsOf(field);
  const chosen = options.find(([option]) => option === text);
  return chosen?.[1] ?? (text.replaceAll("\n", ", ") || "none");
}

const SWITCH = [
  ["true", "yes"],
  ["false", "no"],
] as const;

const optionsOf = (field: SettingFacts) =>
  field.kind === "choice" ? field.options : field.kind === "switch" ? SWITCH : [];
