/** 40,000 ids are 1.56 MB of JSON; D1 takes strings up to 2,000,000 bytes. */
const IDS_PER_STATEMENT = 40_000;

/** Ids as JSON arrays, each of them short enough for one statement. */
export function idChunks(ids: readonly string[]): string[] {
  const chunks: string[] = [];
  for (let start = 0; start < ids.length; start += IDS_PER_STATEMENT) {
    chunks.push(JSON.stringify(ids.slice(start, start + IDS_PER_STATEMENT)));
  }
  return chunks;
}
