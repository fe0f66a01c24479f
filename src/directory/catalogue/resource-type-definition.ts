import * as z from "zod/mini";

/** RFC 7643 §6. Its name stands in the URL. */
export const ResourceTypeDefinition = z.object({
  name: z.optional(z.string()),
  description: z._default(z.string().check(z.maxLength(2000)), ""),
  endpoint: z
    .string()
    .check(
      z.maxLength(100),
      z.regex(
        /^\/[A-Za-z][A-Za-z0-9-]*$/,
        "Use a slash, then letters, digits and hyphens, such as /Badges.",
      ),
    ),
  schema: z.string().check(z.maxLength(200)),
  schemaExtensions: z._default(
    z
      .array(
        z.strictObject({
          schema: z.string().check(z.maxLength(200)),
          required: z._default(z.boolean(), false),
        }),
      )
      .check(z.maxLength(20)),
    [],
  ),
});
export type ResourceTypeDefinition = z.output<typeof ResourceTypeDefinition>;

export const ResourceTypeName = z
  .string()
  .check(
    z.maxLength(100),
    z.regex(/^[A-Za-z][A-Za-z0-9-]*$/, "Use a letter, then letters, digits and hyphens."),
  );
