const MAX_CHARACTERS = 200;

/**
 * Text for a header field: line breaks would begin another one (header injection), and other control characters
 * have no business there. At most 200 characters; RFC 5322 §2.1.1 ends at 998 bytes.
 */
export function oneLine(text: string): string {
  const line = text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .replaceAll(/ {2,}/g, " ")
    .trim();
  const characters = Array.from(line);
  return characters.length <= MAX_CHARACTERS
    ? line
    : `${characters.slice(0, MAX_CHARACTERS - 1).join("")}…`;
}
