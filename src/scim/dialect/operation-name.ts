/**
 * The operation that a name stands for, in any letter case; undefined for any other text.
 *
 * Source: Entra's default dialect writes `Add`, `Replace` and `Remove`; RFC 7644 §3.5.2 has small letters.
 */
export function readOperationName(name: string): "add" | "replace" | "remove" | undefined {
  switch (name.toLowerCase()) {
    case "add":
      return "add";
    case "replace":
      return "replace";
    case "remove":
      return "remove";
  }
  return undefined;
}
