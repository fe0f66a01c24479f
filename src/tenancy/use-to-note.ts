const NOTE_USE_EVERY_MS = 5 * 60_000;

/** The use of a credential, when it is worth a write: the last one noted is more than five minutes ago. */
export function useToNote(
  lastUsedAt: string | null,
  by: string | null,
  now: number,
): { readonly at: string; readonly by: string | null; readonly notSince: string } | undefined {
  const notSince = new Date(now - NOTE_USE_EVERY_MS).toISOString();
  if (lastUsedAt !== null && lastUsedAt >= notSince) return undefined;
  return { at: new Date(now).toISOString(), by, notSince };
}
