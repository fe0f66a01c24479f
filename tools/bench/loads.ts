import { benchPerson, numberText, userNameOf } from "./bench-person.ts";
import { type BenchClient, openClient } from "./open-client.ts";
import type { Directory } from "./open-directory.ts";
import type { Load } from "./run-load.ts";
import { find, get, join, leave, patch, replace } from "./scim-requests.ts";
import { seededId } from "./seeded-id.ts";
import { created } from "./seeding-target.ts";
import { FLOOR, GET_BY_ID } from "./throughput-run.ts";

const FIRST_GUEST = 6_000_000_000;
/** More than connections in any run, so that no two runs have a guest in common. */
const GUESTS_APART = 1000;

/** Every kind of request that is sent, each to the Worker that it is for, and the way to hang up. */
export async function openLoads(
  directory: Directory,
  connections: number,
): Promise<{ loads: Load[]; close: () => void }> {
  const { tenant, runtime, plan, groups } = directory;
  const scim = tenant.clientOf("ours", connections);
  const bare = openClient(runtime.urls.get("floor")?.origin ?? "", {}, connections);
  /** Numbers of people in a fixed order that jumps about. */
  const walk = (): (() => number) => {
    let at = 0;
    return () => (++at * 7919) % plan.people;
  };
  const [floor, unasked, reading, finding, changing] = [
    walk(),
    walk(),
    walk(),
    walk(),
    walk(),
  ] as const;
  const guests = await invite(scim, connections);
  const inside = new Set<number>();
  let changes = 0;
  const loads: Load[] = [
    {
      name: FLOOR,
      client: bare,
      status: 200,
      next: () => get(`/${tenant.key}/${seededId("person", floor())}`),
    },
    {
      name: "the same without the KV get",
      client: bare,
      status: 200,
      next: () => get(`/unasked/${tenant.key}/${seededId("person", unasked())}`),
    },
    {
      name: GET_BY_ID,
      client: scim,
      status: 200,
      next: () => get(`/Users/${seededId("person", reading())}`),
    },
    {
      name: "filter userName eq",
      client: scim,
      status: 200,
      next: () => find("/Users", `userName eq "${userNameOf(numberText(finding()))}"`),
    },
    {
      name: "PATCH title",
      client: scim,
      status: 200,
      next: () =>
        patch(`/Users/${seededId("person", changing())}`, replace("title", `Title ${++changes}`)),
    },
    {
      name: "PATCH large group: add or remove 1 member",
      client: scim,
      status: 204,
      next(connection) {
        const guest = guests[connection] ?? "";
        if (inside.delete(connection)) return leave(groups.large, guest);
        inside.add(connection);
        return join(groups.large, guest);
      },
    },
  ];
  return {
    loads,
    close() {
      scim.close();
      bare.close();
    },
  };
}

/** One person for each connection, who is nowhere a member. */
function invite(scim: BenchClient, connections: number): Promise<string[]> {
  const numbers = Array.from({ length: connections }, (_, at) =>
    numberText(FIRST_GUEST + connections * GUESTS_APART + at),
  );
  return Promise.all(numbers.map((number) => created({ scim }, "/Users", benchPerson({ number }))));
}
