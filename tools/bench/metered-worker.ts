import worker from "../../src/worker.ts";
import { type Cost, meterD1 } from "./meter-d1.ts";

/**
 * The Worker, with what D1 billed for each answer in its headers: `x-d1-trips`, `x-d1-read`, `x-d1-written`. The
 * body is read to its end first, because a large one is still being read from D1 while it is sent. What the
 * request left for after the answer (`waitUntil`) is awaited and billed apart, in `x-d1-later-…`.
 */
export default {
  async fetch(request, env, execution) {
    const cost: Cost = { trips: 0, read: 0, written: 0 };
    const later: Promise<unknown>[] = [];
    const watched = new Proxy(execution, {
      get(target, name) {
        if (name === "waitUntil") return (work: Promise<unknown>) => later.push(work);
        const member: unknown = Reflect.get(target, name);
        return typeof member === "function" ? member.bind(target) : member;
      },
    });

    const metered = { ...env, DB: meterD1(env.DB, cost) };
    const answer = await worker.fetch(request, metered, watched);
    const body = answer.body === null ? null : await answer.arrayBuffer();
    const answered = { ...cost };
    while (later.length > 0) {
      // oxlint-disable-next-line no-await-in-loop -- work may leave more work behind
      await Promise.allSettled(later.splice(0));
    }

    const billed = new Response(body, answer);
    for (const name of ["trips", "read", "written"] as const) {
      billed.headers.set(`x-d1-${name}`, String(answered[name]));
      billed.headers.set(`x-d1-later-${name}`, String(cost[name] - answered[name]));
    }
    return billed;
  },
} satisfies ExportedHandler<Env>;
