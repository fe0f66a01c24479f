import * as z from "zod/mini";

/**
 * A name that people give. NUL and lone surrogates do not survive D1 (text ends at NUL, a lone surrogate comes
 * back as replacement characters), so they are refused and not altered.
 */
export const Label = z.string().check(
  z.trim(),
  z.minLength(1),
  z.maxLength(256),
  z.refine(
    (value) => value.isWellFormed() && !value.includes("\0"),
    "Contains characters that are not text.",
  ),
);
