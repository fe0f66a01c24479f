/**
 * The boolean that a text stands for, in any letter case.
 *
 * Source: Entra's default dialect writes booleans as `"True"` and `"False"`, in values and inside the filter of a
 * path (`roles[primary eq "True"].value`).
 */
export function readBooleanText(text: string): boolean | undefined {
  switch (text.trim().toLowerCase()) {
    case "true":
      return true;
    case "false":
      return false;
  }
  return undefined;
}
