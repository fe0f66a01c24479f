import { ENTERPRISE, filterOf, patchOf, type Answer, type Json } from "../scim-client.ts";
import { pick, type Choice, type Player } from "./choice.ts";
import { keep } from "./inhabitant.ts";

export type Step = (player: Player, choice: Choice) => Promise<Answer>;

const BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
const SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

/** Members that no client may set, as somebody sends them who hopes that they are copied. */
const extrasOf = (player: Player, choice: Choice): Json => ({
  id: pick(player, "person", choice),
  meta: { version: 'W/"99"', location: `https://evil.example/${player.others.slug}` },
  groups: [{ value: player.others.group }],
  tenantId: player.others.slug,
  tenant_key: 1,
  tenantKey: 1,
  isAdmin: true,
  origin: "manual",
  version: 99,
  password: "secret",
  constructor: { prototype: { tenantKey: 1 } },
});

/** The names are those of everybody, the rest is the tenant's own. */
function personOf(player: Player, choice: Choice): Json {
  const { name, at, flag } = choice;
  const { canary } = player.who;
  return {
    ...(flag && extrasOf(player, choice)),
    userName: `name-${name}@example.com`,
    // Another person's id has no meaning here.
    externalId: at === 0 ? pick(player, "person", choice) : `external-${name}`,
    displayName: `Name ${name}`,
    title: canary,
    name: { familyName: canary, givenName: `Given ${name}` },
    emails: [{ value: `mail-${name}@example.com`, type: "work", primary: true }],
    [ENTERPRISE]: {
      department: `Department ${name % 2}`,
      employeeNumber: canary,
      manager: { value: pick(player, "person", choice) },
    },
  };
}

const groupOf = (player: Player, choice: Choice): Json => ({
  ...(choice.flag && { id: pick(player, "group", choice), meta: { version: "9" } }),
  displayName: `Group ${choice.name}`,
  externalId: player.who.canary,
  members: [
    { value: pick(player, "person", choice) },
    { value: pick(player, choice.flag ? "group" : "person", { ...choice, at: choice.at + 1 }) },
  ],
});

/** The first person stays: until there is one of SCIM, reads are noted, once a minute. */
const notTheFirst = (player: Player, id: string): string =>
  id === player.who.own.person[0] ? player.others.person : id;

const FILTERS: readonly ((player: Player, choice: Choice) => string)[] = [
  (_player, { name }) => `userName eq "NAME-${name}@example.com"`,
  (_player, { name }) => `externalId eq "external-${name}" or title co "canary"`,
  (_player, { name }) => `emails[type eq "work"].value eq "mail-${name}@example.com"`,
  (player, choice) => `id eq "${pick(player, "person", choice)}"`,
  (player, choice) => `id gt "${player.others.person}" and active eq ${choice.flag}`,
  (player, choice) => `${ENTERPRISE}:manager eq "${pick(player, "person", choice)}"`,
  (player, choice) => `groups.value eq "${pick(player, "group", choice)}"`,
  (_player, { name }) => `not (displayName ne "Name ${name}") and ${ENTERPRISE}:employeeNumber pr`,
  (_player, { name }) =>
    `meta.lastModified gt "2020-01-01T00:00:00Z" and name.givenName sw "Given ${name}"`,
];
const filterFor = (player: Player, choice: Choice): string =>
  FILTERS[(choice.name * 7 + choice.at) % FILTERS.length]?.(player, choice) ?? "";

/** What an identity provider may do, and what somebody tries who has its token. */
export const SCIM_STEPS: Readonly<Record<string, Step>> = {
  async createPerson(player, choice) {
    const { who } = player;
    const answer = await who.scim.post("/Users", personOf(player, choice));
    if (answer.status === 201) keep(who, "person", answer.id);
    return answer;
  },
  async createGroup(player, choice) {
    const { who } = player;
    const answer = await who.scim.post("/Groups", groupOf(player, choice));
    if (answer.status === 201) keep(who, "group", answer.id);
    return answer;
  },
  replacePerson: (player, choice) =>
    player.who.scim.put(`/Users/${pick(player, "person", choice)}`, personOf(player, choice)),
  replaceGroup: (player, choice) =>
    player.who.scim.put(`/Groups/${pick(player, "group", choice)}`, groupOf(player, choice)),
  moveAddress: (player, choice) =>
    player.who.scim.patch(
      `/Users/${pick(player, "person", choice)}`,
      patchOf(
        {
          op: "replace",
          path: 'emails[type eq "work"].value',
          value: `mail-${(choice.name + 1) % 4}@example.com`,
        },
        { op: "replace", value: choice.flag ? extrasOf(player, choice) : { nickName: "x" } },
      ),
    ),
  patchPerson: (player, choice) =>
    player.who.scim.patch(
      `/Users/${pick(player, "person", choice)}`,
      patchOf(
        { op: "replace", path: "active", value: choice.flag },
        { op: "add", path: `${ENTERPRISE}:department`, value: `Department ${choice.at % 3}` },
      ),
      choice.at === 1 ? { "If-Match": 'W/"1"' } : {},
    ),
  join: (player, choice) =>
    player.who.scim.patch(
      `/Groups/${pick(player, "group", { ...choice, isForeign: choice.isForeign && choice.flag })}?attributes=members`,
      patchOf({
        op: "add",
        path: "members",
        value: [{ value: pick(player, "person", choice) }, { value: player.others.group }],
      }),
    ),
  leave: (player, choice) =>
    player.who.scim.patch(
      `/Groups/${pick(player, "group", choice)}`,
      patchOf(
        choice.flag
          ? { op: "remove", path: `members[value eq "${pick(player, "person", choice)}"]` }
          : { op: "remove", path: "members", value: [{ value: pick(player, "person", choice) }] },
      ),
    ),
  deletePerson: (player, choice) =>
    player.who.scim.delete(`/Users/${notTheFirst(player, pick(player, "person", choice))}`),
  deleteGroup: (player, choice) =>
    player.who.scim.delete(`/Groups/${pick(player, "group", choice)}`),
  readOne: (player, choice) =>
    player.who.scim.get(
      choice.flag
        ? `/Users/${pick(player, "person", choice)}?excludedAttributes=name`
        : `/Groups/${pick(player, "group", choice)}?attributes=members,displayName`,
    ),
  list: (player, choice) =>
    player.who.scim.get(
      `/Users?${filterOf(filterFor(player, choice))}&sortBy=${choice.flag ? "userName" : "title"}&count=3`,
    ),
  listGroups: (player, choice) =>
    player.who.scim.get(
      `/Groups?${filterOf(`members.value eq "${pick(player, "person", choice)}" or externalId co "canary"`)}`,
    ),
  search: (player, choice) =>
    player.who.scim.post(choice.flag ? "/.search" : "/Users/.search", {
      schemas: [SEARCH],
      filter: choice.flag ? 'displayName sw "n" or displayName sw "g"' : filterFor(player, choice),
      startIndex: 1 + (choice.at % 3),
      count: 4,
    }),
  async page(player, choice) {
    const { who, others } = player;
    const cursor = choice.isForeign ? others.cursor : (who.own.cursor[0] ?? "");
    const answer = await who.scim.get(`/Users?count=1&cursor=${cursor}`);
    keep(who, "cursor", answer.body["nextCursor"]);
    return answer;
  },
  bulk: (player, choice) =>
    player.who.scim.post("/Bulk", {
      schemas: [BULK],
      Operations: [
        { method: "POST", path: "/Users", bulkId: "a", data: personOf(player, choice) },
        {
          method: "POST",
          path: "/Groups",
          bulkId: "b",
          data: { displayName: `Bulk ${choice.at}`, members: [{ value: "bulkId:a" }] },
        },
        {
          method: "PATCH",
          path: `/Users/${pick(player, "person", choice)}`,
          data: patchOf({ op: "replace", path: "nickName", value: "bulk" }),
        },
        {
          method: "PUT",
          path: `/Groups/${pick(player, "group", choice)}`,
          data: groupOf(player, choice),
        },
        { method: "DELETE", path: `/Users/${notTheFirst(player, pick(player, "person", choice))}` },
      ],
    }),
  byTheTenantsUrl: ({ who, others }, { isForeign, name }) =>
    who
      .at(isForeign ? others.slug : who.slug)
      .get(`/Users?${filterOf(`userName eq "name-${name}@example.com"`)}`),
  discover: (player, { at }) =>
    player.who.scim.get(
      ["/Schemas", "/ResourceTypes", "/ServiceProviderConfig", "/Me"][at % 4] ?? "",
    ),
};
