import { describe, expect, it } from "vitest";

import {
  lifecycleEvents,
  type Transition,
} from "../../../src/directory/lifecycle/lifecycle-events.ts";
import cases from "./lifecycle-events-cases.json";

describe("a change of a person", () => {
  it.each(cases)("$does", ({ transition, events }) => {
    expect(lifecycleEvents(transition as Transition)).toEqual(events);
  });
});
