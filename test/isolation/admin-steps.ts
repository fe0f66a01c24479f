import type { Answer } from "../scim-client.ts";
import { pick, type Choice, type Player } from "./choice.ts";
import { keep, type Ask, type Kind } from "./inhabitant.ts";
import type { Step } from "./scim-steps.ts";

/** A key of the tenant's administrator, or the operator's. */
const asked = ({ who }: Player, { flag }: Choice): Ask => (flag ? who.ask : who.operate);

/** Keeps the id of what was made. */
async function made(
  player: Player,
  kind: Kind,
  asking: Promise<Answer>,
  field = "id",
): Promise<Answer> {
  const answer = await asking;
  if (answer.status === 201) keep(player.who, kind, answer.body[field]);
  return answer;
}

const csvOf = ({ who }: Player, { name, at }: Choice): string =>
  [
    "email,userName,givenName,familyName,department,externalId",
    `mail-${name}@example.com,name-${name}@example.com,Given,${who.canary},Department ${name},external-${at}`,
    `mail-${at}@example.com,,Given,${who.canary},,`,
  ].join("\n");

const onPerson =
  (method: string, action: string, body?: unknown): Step =>
  (player, choice) =>
    asked(player, choice)(method, `/users/${pick(player, "person", choice)}${action}`, body);

/** What an administrator may do to the own tenant, with ids of anybody. */
export const ADMIN_STEPS: Readonly<Record<string, Step>> = {
  enrol: (player, choice) =>
    made(
      player,
      "person",
      asked(player, choice)("POST", "/users", {
        email: `mail-${choice.name}@example.com`,
        familyName: player.who.canary,
        department: `Department ${choice.at % 3}`,
      }),
    ),
  findPeople: (player, choice) =>
    asked(player, choice)(
      "GET",
      [
        `/users?q=name-${choice.name}`,
        `/users?email=mail-${choice.name}@example.com`,
        `/users?department=${pick(player, "department", choice)}`,
        `/users?limit=2&origin=scim`,
      ][choice.at % 4] ?? "",
    ),
  async pagePeople(player, choice) {
    const { who, others } = player;
    const cursor = choice.isForeign ? others.adminCursor : who.own.adminCursor[0];
    const asking = asked(player, choice);
    const answer = await asking("GET", `/users?limit=1${cursor ? `&cursor=${cursor}` : ""}`);
    keep(who, "adminCursor", answer.body["nextCursor"]);
    return answer;
  },
  showPerson: onPerson("GET", ""),
  historyOfPerson: onPerson("GET", "/history"),
  changePerson: onPerson("PATCH", "", { displayName: "By hand", department: "Department 1" }),
  adoptPerson: onPerson("POST", "/adopt"),
  unadoptPerson: (player, choice) =>
    choice.at === 0 && !choice.isForeign
      ? (ADMIN_STEPS["showPerson"]?.(player, choice) ?? Promise.reject(new Error("No step.")))
      : onPerson("POST", "/unadopt")(player, { ...choice, at: choice.at === 0 ? 1 : choice.at }),
  exportPeople: (player, choice) => asked(player, choice)("GET", "/users/export"),
  importPeople: (player, choice) =>
    asked(player, choice)(
      "POST",
      `/users/import?dryRun=${choice.isForeign}`,
      csvOf(player, choice),
    ),
  preflight: (player, choice) => asked(player, choice)("POST", "/preflight", csvOf(player, choice)),
  listDepartments: (player, choice) => asked(player, choice)("GET", "/departments"),
  createDepartment: (player, choice) =>
    made(
      player,
      "department",
      asked(player, choice)("POST", "/departments", { name: `Department ${choice.name}` }),
    ),
  renameDepartment: (player, choice) =>
    asked(player, choice)("PATCH", `/departments/${pick(player, "department", choice)}`, {
      name: `Department ${choice.at}`,
    }),
  keepDepartment: (player, choice) =>
    asked(player, choice)("POST", `/departments/${pick(player, "department", choice)}/keep`),
  mergeDepartments: (player, choice) =>
    asked(player, choice)("POST", `/departments/${player.who.own.department[0] ?? "none"}/merge`, {
      into: pick(player, "department", choice),
    }),
  deleteDepartment: (player, choice) =>
    asked(player, choice)("DELETE", `/departments/${pick(player, "department", choice)}`),
  assign: (player, choice) =>
    asked(player, choice)(
      "POST",
      `/departments/${pick(player, "department", { ...choice, isForeign: choice.at > 3 })}/members`,
      {
        add: [pick(player, "person", choice), player.others.person],
        addNamed: [`name-${choice.name}@example.com`],
        remove: [],
      },
    ),
  membersOf: (player, choice) =>
    asked(player, choice)(
      "GET",
      choice.at % 2 === 0
        ? `/departments/${pick(player, "department", choice)}/members`
        : `/groups/${pick(player, "group", choice)}/members`,
    ),
  listGroups: (player, choice) =>
    asked(player, choice)(
      "GET",
      choice.at % 2 === 0 ? "/groups" : `/groups/${pick(player, "group", choice)}`,
    ),
  invite: (player, choice) =>
    asked(player, choice)("POST", "/invitations", {
      userIds: [pick(player, "person", choice), player.others.person],
    }),
  invitations: (player, choice) =>
    choice.at % 2 === 0
      ? asked(player, choice)("GET", "/invitations")
      : asked(player, choice)(
          "POST",
          `/invitations/${pick(player, "person", choice)}/${["resend", "accept", "cancel"][choice.name % 3]}`,
        ),
  changes: (player, choice) =>
    asked(player, choice)(
      "GET",
      [
        "/changes?limit=5",
        `/changes?resourceId=${pick(player, "person", choice)}`,
        `/changes?q=name-${choice.name}`,
        "/changes?after=0&order=asc&limit=7",
      ][choice.at % 4] ?? "",
    ),
  stats: (player, choice) => asked(player, choice)("GET", "/stats"),
  alerts: (player, choice) =>
    choice.at % 2 === 0
      ? asked(player, choice)("GET", "/alerts")
      : asked(player, choice)("POST", `/alerts/${pick(player, "alert", choice)}/resolve`),
  tokens: (player, choice) =>
    choice.at % 2 === 0
      ? asked(player, choice)("GET", "/tokens")
      : made(
          player,
          "token",
          asked(player, choice)("POST", "/tokens", { name: player.who.canary }),
        ),
  rotateToken: (player, choice) =>
    made(
      player,
      "token",
      asked(player, choice)("POST", `/tokens/${pick(player, "token", choice)}/rotate`, {}),
    ),
  revoke: (player, choice) =>
    asked(player, choice)(
      "DELETE",
      [
        `/tokens/${pick(player, "token", choice)}`,
        `/admin-keys/${pick(player, "key", choice)}`,
        `/clients/${pick(player, "client", choice)}`,
      ][choice.at % 3] ?? "",
    ),
  keys: (player, choice) =>
    made(
      player,
      "key",
      asked(player, choice)("POST", "/admin-keys", { name: player.who.canary, role: "reader" }),
    ),
  clients: (player, choice) =>
    choice.at % 2 === 0
      ? made(
          player,
          "client",
          asked(player, choice)("POST", "/clients", { name: player.who.canary }),
          "clientId",
        )
      : asked(player, choice)("POST", `/clients/${pick(player, "client", choice)}/secrets`),
  otherTenant: ({ who, others }, { at }) =>
    who.ask("GET", ["", "/users", "/stats", "/changes"][at % 4] ?? "", undefined, others.slug),
  settings: (player, { flag }) =>
    player.who.operate("PATCH", "", { settings: { uniqueEmail: flag } }),
};
