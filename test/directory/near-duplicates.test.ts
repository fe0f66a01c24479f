import fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  likenessKeys,
  nearDuplicate,
  type Likeness,
} from "../../src/directory/people/near-duplicates.ts";
import cases from "./near-duplicates-cases.json" with { type: "json" };

const likeness = ({ email, ...fields }: Partial<Likeness> & { email?: string }): Likeness => ({
  userName: null,
  emails: email === undefined ? [] : [email],
  externalId: null,
  givenName: null,
  familyName: null,
  ...fields,
});

describe("nearDuplicate", () => {
  it.each(cases)("looks at $name", ({ planned, existing, why }) => {
    const reason = nearDuplicate(likeness(planned), likeness(existing));
    if (why === null) expect(reason).toBeUndefined();
    else expect(reason).toContain(why);
  });

  it("finds nothing between people who have no key in common, so that the keys may go first", () => {
    const text = fc.option(
      fc.string({ unit: fc.constantFrom(..."aAé+@. ".split("")), maxLength: 6 }),
      {
        nil: null,
      },
    );
    const anyone = fc.record({
      userName: text,
      emails: fc.array(fc.string({ unit: fc.constantFrom(..."aAé+@. ".split("")), maxLength: 6 }), {
        maxLength: 2,
      }),
      externalId: text,
      givenName: text,
      familyName: text,
    });
    fc.assert(
      fc.property(anyone, anyone, (a, b) => {
        const common = likenessKeys(a).filter((key) => likenessKeys(b).includes(key));
        if (common.length === 0) expect(nearDuplicate(a, b)).toBeUndefined();
      }),
    );
  });
});
