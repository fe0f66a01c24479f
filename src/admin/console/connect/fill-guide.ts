import { escapeToBuffer } from "hono/utils/html";

import type { GUIDE_PLACEHOLDERS } from "./guides.ts";

type Values = Readonly<Record<(typeof GUIDE_PLACEHOLDERS)[number], string>>;

/** Puts this tenant's values into a guide, as text: a tenant's name may hold what reads as markup. */
export const fillGuide = (guide: string, values: Values): string =>
  guide.replaceAll(/\{\{(\w+)\}\}/g, (placeholder, name: string) =>
    Object.hasOwn(values, name) ? escaped(values[name as keyof Values]) : placeholder,
  );

function escaped(text: string): string {
  const buffer: [string] = [""];
  escapeToBuffer(text, buffer);
  return buffer[0];
}
