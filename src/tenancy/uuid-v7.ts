import type { Clock, Ids } from "./clock.ts";

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/**
 * UUIDv7 (RFC 9562 §5.7): ids sort by the time they were made, so that a list in the order of ids is a list in
 * the order of creation. Those of one maker rise within a millisecond too (the counter of §6.2, method 1).
 */
export function uuidV7(clock: Clock, randomBytes: (count: number) => Uint8Array): Ids {
  let last = 0;
  let counter = 0;
  return {
    next() {
      const now = clock.now();
      counter = now > last ? 0 : counter + 1;
      last = Math.max(now, last);
      const time = last.toString(16).padStart(12, "0");
      const sequence = (counter & 0xfff).toString(16).padStart(3, "0");
      const random = randomBytes(8);
      random[0] = ((random[0] ?? 0) & 0x3f) | 0x80;
      const rest = hex(random);
      return `${time.slice(0, 8)}-${time.slice(8)}-7${sequence}-${rest.slice(0, 4)}-${rest.slice(4)}`;
    },
  };
}
