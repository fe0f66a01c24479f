import * as fc from "fast-check";
import { it } from "vitest";
import { check } from "./runs.ts";
it("fails", async () => { await check(fc.property(fc.nat(), (n) => n % 3001 !== 7), 10); });
