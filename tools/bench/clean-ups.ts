/** What has to be ended or removed before the process may go, however it goes. */
export interface CleanUps {
  /**
   * Notes a piece of work and returns the way to do it now; it is done once, whoever asks first. `atExit` is what is
   * left of it for a process that cannot wait any more: Miniflare ends it at once on a signal.
   */
  add(work: () => Promise<unknown>, atExit?: () => void): () => Promise<void>;
  /** Does what is left, the newest first. */
  run(): Promise<void>;
  /** The same without waiting. */
  runAtExit(): void;
}

interface CleanUp {
  readonly now: () => Promise<void>;
  readonly atExit: () => void;
}

export function cleanUps(): CleanUps {
  const left = new Set<CleanUp>();
  return {
    add(work, atExit = () => undefined) {
      let doing: Promise<void> | undefined;
      const cleanUp: CleanUp = {
        atExit,
        now() {
          // Stays on the list until it is done: a process that ends meanwhile has to wait for it too.
          doing ??= work()
            .finally(() => left.delete(cleanUp))
            .then(() => undefined);
          return doing;
        },
      };
      left.add(cleanUp);
      return cleanUp.now;
    },
    async run() {
      for (let next = [...left].at(-1); next !== undefined; next = [...left].at(-1)) {
        // oxlint-disable-next-line no-await-in-loop -- a server ends before its folder is removed
        await next.now().catch((error: unknown) => console.error(error));
      }
    },
    runAtExit() {
      for (const { atExit } of [...left].toReversed()) atExit();
    },
  };
}
