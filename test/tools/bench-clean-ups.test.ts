import { describe, expect, it, vi } from "vitest";

import { cleanUps } from "../../tools/bench/clean-ups.ts";

describe("clean-ups", () => {
  it("do what is left, the newest first, and each once", async () => {
    const done: string[] = [];
    const ends = cleanUps();
    const note = (name: string) => () => Promise.resolve(done.push(name));
    ends.add(note("folder"));
    const stop = ends.add(note("server"));
    ends.add(note("client"));
    await stop();
    await stop();
    await ends.run();
    await ends.run();
    expect(done).toEqual(["server", "client", "folder"]);
  });

  it("do not end before what somebody else has begun", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const ends = cleanUps();
    const stop = ends.add(() => promise);
    let ended = false;
    const stopping = stop();
    const all = ends.run().then(() => (ended = true));
    await Promise.resolve();
    expect(ended).toBe(false);
    resolve();
    await Promise.all([stopping, all]);
    expect(ended).toBe(true);
  });

  it("do what they can for a process that cannot wait, unless it is done already", async () => {
    const done: string[] = [];
    const ends = cleanUps();
    const nothing = () => Promise.resolve();
    ends.add(nothing, () => done.push("folder"));
    const stop = ends.add(nothing, () => done.push("server"));
    ends.add(nothing, () => done.push("client"));
    await stop();
    ends.runAtExit();
    expect(done).toEqual(["client", "folder"]);
  });

  it("go on behind one that fails", async () => {
    const ends = cleanUps();
    const done: string[] = [];
    ends.add(() => Promise.resolve(done.push("folder")));
    ends.add(() => Promise.reject(new Error("no")));
    const silent = vi.spyOn(console, "error").mockReturnValue();
    await ends.run();
    expect(done).toEqual(["folder"]);
    expect(silent).toHaveBeenCalledOnce();
  });

  it("are shared by all who wait for one", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const ends = cleanUps();
    const stop = ends.add(() => promise);
    let stopped = 0;
    const both = [stop(), stop()].map((one) => one.then(() => (stopped += 1)));
    expect(stopped).toBe(0);
    resolve();
    await Promise.all(both);
    expect(stopped).toBe(2);
  });
});
