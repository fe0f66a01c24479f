import { uuidV7 } from "../tenancy/uuid-v7.ts";

export const clock = { now: () => Date.now() };
export const randomBytes = (count: number) => crypto.getRandomValues(new Uint8Array(count));
export const ids = uuidV7(clock, randomBytes);
export const pause = (milliseconds: number) =>
  new Promise<void>((done) => setTimeout(done, milliseconds));
