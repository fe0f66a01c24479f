/** Longer than any statement of ours takes at a million people; an identity provider waits 30 to 60 seconds. */
const DEADLINE_MS = 10_000;

/** A D1 call that did not answer in time. Whether it ran, or will, is not known. */
export class DeadlinePassed extends Error {
  override readonly name = "DeadlinePassed";
}

/** A binding may hang without ever failing: then the request fails, and not the client's patience. */
export async function withDeadline<Result>(call: Promise<Result>): Promise<Result> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new DeadlinePassed("D1 did not answer in time.")), DEADLINE_MS);
  });
  try {
    return await Promise.race([call, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
