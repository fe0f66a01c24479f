import { describe, expect, it } from "vitest";

import { networkOf, rateLimits } from "../../src/tenancy/rate-limit.ts";

type Counter = Parameters<typeof rateLimits>[0]["requests"];
const both = (counter: Counter) => rateLimits({ requests: counter, refusals: counter });

describe("a limit", () => {
  it("says what its counter says", async () => {
    const limits = rateLimits({
      requests: { limit: async ({ key }) => ({ success: key !== "often" }) },
      refusals: { limit: async ({ key }) => ({ success: key !== "2001:db8:0:0" }) },
    });
    expect([await limits.maySend("often"), await limits.maySend("seldom")]).toEqual([false, true]);
    const addresses = ["2001:db8::7", "192.0.2.7"];
    const answers = await Promise.all(addresses.map((each) => limits.mayFailAgain(each)));
    expect(answers).toEqual([false, true]);
  });

  it.each<[string, Counter]>([
    ["is not there", undefined],
    ["fails", { limit: () => Promise.reject(new Error("down")) }],
    [
      "fails at once",
      {
        limit: () => {
          throw new Error("down");
        },
      },
    ],
    ["never answers", { limit: () => new Promise(() => undefined) }],
  ])("lets everything pass whose counter %s", async (_what, counter) => {
    expect(await both(counter).maySend("any")).toBe(true);
    expect(await both(counter).mayFailAgain("any")).toBe(true);
  });
});

describe("where a request comes from", () => {
  it.each([
    ["192.0.2.7", "192.0.2.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
    ["2001:db8::1", "2001:db8:0:0"],
    ["2001:db8:1:2::", "2001:db8:1:2"],
    ["::1", "0:0:0:0"],
    ["::", "0:0:0:0"],
    ["fe80::1:2:3:4:5", "fe80:0:0:1"],
    // Not from Cloudflare: a local runtime takes it from whoever asks.
    [":::::::::::::", "0:0:0:0"],
    ["1:2:3:4:5:6:7:8:9:0::1", "1:2:3:4"],
    ["", ""],
  ])("is the address or its network: %s is %s", (address, key) => {
    expect(networkOf(address)).toBe(key);
  });
});
