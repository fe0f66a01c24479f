import * as z from "zod";

/**
 * A name that people give. NUL and lone surrogates do not survive D1 (text ends at NUL, a lone surrogate comes
 * back as replacement characters), so they are refused and not altered.
 */
export const Label = z
  .string()
  .trim()
  .min(1)
  .max(256)
  .refine(
    (value) => value.isWellFormed() && !value.includes("\0"),
    "Contains characters that are not text.",
  );
