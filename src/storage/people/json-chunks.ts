/** D1 takes strings up to 2,000,000 bytes, and a UTF-16 code unit is at most three bytes of UTF-8. */
const MAX_CHARACTERS = 600_000;

/** The rows as JSON arrays, each of them short enough for one parameter. A row must fit into one by itself. */
export function jsonChunks(rows: readonly unknown[]): string[] {
  const chunks: string[][] = [];
  let size = MAX_CHARACTERS;
  for (const row of rows) {
    const text = JSON.stringify(row);
    size += text.length + 1;
    if (size > MAX_CHARACTERS) {
      chunks.push([]);
      size = text.length + 2;
    }
    chunks.at(-1)?.push(text);
  }
  return chunks.map((texts) => `[${texts.join()}]`);
}
