import type { Settings } from "../../../tenancy/settings.ts";
import type { TenantView } from "../../tenant-view.ts";
import type { Form } from "../form.ts";
import type { SettingFacts } from "./fields.ts";
import { asText } from "./setting-field.tsx";

/**
 * What the form changes, as the admin API takes it. Only what differs from what is there: whoever saves the page
 * does not choose every preset's value for ever, and sends nothing that is the operator's to change.
 */
export function changeOf(
  form: Form,
  tenant: TenantView,
  fields: readonly SettingFacts[],
): Record<string, unknown> {
  const settings = fields
    .filter(({ name }) => form.has(name))
    .filter(({ name }) => normal(form.text(name)) !== normal(asText(tenant.settings[name])))
    .map((field): [keyof Settings, unknown] => [field.name, valueOf(field, form.text(field.name))]);
  const name = form.text("name");
  const organisation = form.text("organisation");
  return {
    ...(name !== tenant.name && { name }),
    ...(form.has("organisation") &&
      organisation !== (tenant.organisation ?? "") && { organisation: organisation || null }),
    ...(settings.length > 0 && { settings: Object.fromEntries(settings) }),
  };
}

/** Browsers send line ends of their own. */
const normal = (text: string) => text.replaceAll("\r\n", "\n").trim();

/** What cannot be read is passed on as it is: the operation says what is wrong with it. */
function valueOf({ kind }: SettingFacts, text: string): unknown {
  switch (kind) {
    case "switch":
      return text === "true";
    case "choice":
      return text;
    case "number":
      return text === "" ? null : Number(text);
    case "email":
      return text === "" ? null : text;
    case "lines":
      return normal(text)
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => line !== "");
    case "guard": {
      if (text === "") return null;
      const [percent, people, windowMinutes] = text.split(",").map(Number);
      return { percent, people, windowMinutes };
    }
  }
}
