import type { Fault, Trip } from "./faulty-databases.ts";

/** One that is sent again, and one whose trace alone tells what became of it. */
const NETWORK = "D1_ERROR: Network connection lost.";
const TIMEOUT =
  "D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.";

/** What can become of a round trip. A read leaves nothing that could be applied twice. */
export const faultsOf = (trip: Trip): Fault[] => [
  { kind: "fails", when: "before", message: NETWORK },
  { kind: "fails", when: "before", message: TIMEOUT },
  { kind: "hangs", when: "before" },
  ...(trip === "read"
    ? []
    : [
        { kind: "fails", when: "after", message: NETWORK } as const,
        { kind: "fails", when: "late", message: NETWORK } as const,
        { kind: "fails", when: "after", message: TIMEOUT } as const,
        { kind: "hangs", when: "after" } as const,
      ]),
];

/** Nobody can know whether what hangs was done, or will be. */
export const isUnknowable = (fault: Fault) => fault.kind === "hangs" && fault.when === "after";

/** A fault that may be gone at once is nobody's to see. */
export const isInvisible = (fault: Fault) => fault.kind === "fails" && fault.message === NETWORK;
