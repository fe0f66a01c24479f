import { bulk } from "./bulk-write.ts";
import {
  createGroup,
  deleteGroup,
  moveMembers,
  renameGroup,
  replaceGroup,
} from "./group-writes.ts";
import { type Pen, USER_NAMES } from "./pen.ts";
import { createUser, deleteUser, patchUser, replaceUser } from "./user-writes.ts";
import type { Write } from "./write.ts";

type Maker = (pen: Pen) => Write | undefined;

/** How often each is chosen, of all that are. */
const WEIGHTS: readonly (readonly [number, Maker])[] = [
  [20, createUser],
  [24, patchUser],
  [10, replaceUser],
  [12, deleteUser],
  [20, moveMembers],
  [4, createGroup],
  [4, renameGroup],
  [6, replaceGroup],
  [3, deleteGroup],
  [6, bulk],
];

const TOTAL = WEIGHTS.reduce((sum, [weight]) => sum + weight, 0);
const FEW_PEOPLE = USER_NAMES / 3;

/** What a writer does next; the same pen chooses the same. */
export function chooseWrite(pen: Pen): Write {
  const isPoor = pen.holdings.people.size < FEW_PEOPLE;
  for (;;) {
    const write = (isPoor && pen.random.chance(60) ? createUser : draw(pen))(pen);
    if (write !== undefined) return write;
  }
}

function draw({ random }: Pen): Maker {
  let left = random.below(TOTAL);
  for (const [weight, maker] of WEIGHTS) {
    left -= weight;
    if (left < 0) return maker;
  }
  return createUser;
}
