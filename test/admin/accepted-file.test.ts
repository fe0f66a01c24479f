import { describe, expect, it } from "vitest";

import { acceptedFile } from "../../src/admin/accepted-file.ts";
import cases from "./accepted-file-cases.json";

describe("a request that accepts", () => {
  it.each(cases)("$accept is answered with $file", ({ accept, file }) => {
    const files = ["application/x-ndjson", "text/csv"] as const;
    expect(acceptedFile(accept ?? undefined, files) ?? null).toBe(file);
  });
});
