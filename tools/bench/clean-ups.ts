/** What has to be ended or removed before the process may go, however it goes. */
export interface CleanUps {
  /** Notes a piece of work and returns the way to do it now; it is done once, whoever asks first. */
  add(work: () => Promise<unknown>): () => Promise<void>;
  /** Does what is left, the newest first. */
  run(): Promise<void>;
}

export function cleanUps(): CleanUps {
  const left: (() => Promise<void>)[] = [];
  return {
    add(work) {
      let done: Promise<void> | undefined;
      const once = (): Promise<void> => {
        left.splice(0, left.length, ...left.filter((other) => other !== once));
        done ??= work().then(() => undefined);
        return done;
      };
      left.push(once);
      return once;
    },
    async run() {
      for (let next = left.at(-1); next !== undefined; next = left.at(-1)) {
        // oxlint-disable-next-line no-await-in-loop -- a server ends before its folder is removed
        await next().catch((error: unknown) => console.error(error));
      }
    },
  };
}
