import * as z from "zod";

/** RFC 7643 §6. Its name stands in the URL. */
export const ResourceTypeDefinition = z.object({
  name: z.string().optional(),
  description: z.string().max(2000).default(""),
  endpoint: z
    .string()
    .max(100)
    .regex(
      /^\/[A-Za-z][A-Za-z0-9-]*$/,
      "Use a slash, then letters, digits and hyphens, such as /Badges.",
    ),
  schema: z.string().max(200),
  schemaExtensions: z
    .array(z.strictObject({ schema: z.string().max(200), required: z.boolean().default(false) }))
    .max(20)
    .default([]),
});
export type ResourceTypeDefinition = z.output<typeof ResourceTypeDefinition>;

export const ResourceTypeName = z
  .string()
  .max(100)
  .regex(/^[A-Za-z][A-Za-z0-9-]*$/, "Use a letter, then letters, digits and hyphens.");
