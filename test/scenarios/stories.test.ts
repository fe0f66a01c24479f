import { describe, expect, it } from "vitest";

import { entraUser } from "../../tools/simulate/entra-user.ts";
import { oktaUser } from "../../tools/simulate/okta-user.ts";
import { type Idp, personAt, teamAt } from "../../tools/simulate/people.ts";
import { callWorker } from "../call-worker.ts";
import { fillTemplate } from "./fill-template.ts";
import { type Fetch, type Played, playStory, type Stage } from "./play-story.ts";
import { isForPreset, parseStory, type Story } from "./story.ts";

const ADMIN = "https://scim.example.com/api/v1/admin";
const ADMIN_KEY = "admin-key-of-the-test-suite-0123456789abcdef";

declare global {
  interface ImportMeta {
    /** Vite's: the files that fit, read while the test is bundled, because workerd has no file system. */
    glob<Content>(pattern: string, how: { eager: true; import: string }): Record<string, Content>;
  }
}

const files = import.meta.glob<unknown>("./{entra,okta}/*.json", {
  eager: true,
  import: "default",
});
const stories = Object.entries(files).map(([file, content]) => ({
  idp: file.includes("/okta/") ? ("okta" as const) : ("entra" as const),
  story: parseStory(file, content),
}));

// The Worker itself, not `exports.default.fetch`: that one takes longer with every call that the file has made
// (2 ms for the first, 50 ms after 400), and these stories make thousands.
const worker = callWorker();
const fetchWorker: Fetch = (url, init) => worker(new Request(url, init));

async function admin(path: string, body: object): Promise<Record<string, unknown>> {
  const init = {
    method: "POST",
    headers: { authorization: `Bearer ${ADMIN_KEY}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  };
  const response = await worker(new Request(ADMIN + path, init));
  expect(response.status, `POST ${path}: ${await response.clone().text()}`).toBe(201);
  return response.json();
}

let tenants = 0;

/** A tenant of the story's own, with the people that must have been enrolled before it begins. */
async function stageFor(
  story: Story,
  preset: string,
  door: "scimUrl" | "tenantScimUrl",
): Promise<Stage> {
  tenants += 1;
  const slug = `story-${tenants}`;
  const tenant = await admin("/tenants", {
    slug,
    name: slug,
    preset,
    settings: { ssoActive: true },
  });
  const { token } = await admin(`/tenants/${slug}/tokens`, { name: "identity provider" });
  const variables = {
    run: `r${tenants}x`,
    RUN: `R${tenants}X`,
    guid: crypto.randomUUID(),
    token,
  };
  for (const person of story.enrolled ?? []) {
    // oxlint-disable-next-line no-await-in-loop -- in the story's order
    await admin(`/tenants/${slug}/users`, fillTemplate(person, variables) as object);
  }
  return {
    fetch: fetchWorker,
    baseUrl: String(tenant[door]),
    headers: { authorization: `Bearer ${String(token)}` },
    variables,
  };
}

/** Every problem with the step it was met at; none when the story went as told. */
function problemsOf(played: Played): string[] {
  return played.steps.flatMap(({ name, method, url, problems }) =>
    problems.map((problem) => `${name} (${method} ${url}): ${problem}`),
  );
}

/** What a story is played with: once with nothing, or for some people or groups in turn. */
function castOf(idp: Idp, story: Story): Record<string, unknown>[] {
  const numbers = [1, 5, 7, 11];
  switch (story.per) {
    case "once":
      return [{}];
    case "user":
      return numbers.map((number) => {
        const person = personAt(idp, number);
        const user = idp === "entra" ? entraUser(person) : oktaUser(person);
        const { userName, mail, externalId } = person;
        return { user, userName, externalId, ...(mail === undefined ? {} : { mail }) };
      });
    case "group":
      return numbers.map((number) => ({ ...teamAt(idp, number, 12, 12) }));
  }
}

describe.each(["generic", "training"])("on a tenant with the preset %s", (preset) => {
  const played = stories.filter(({ story }) => isForPreset(story, preset));

  it.each(played.map(({ idp, story }) => [idp, story.name, story] as const))(
    "%s: %s, at both URLs",
    async (idp, _, story) => {
      for (const door of ["scimUrl", "tenantScimUrl"] as const) {
        // oxlint-disable-next-line no-await-in-loop -- one door after the other
        const stage = await stageFor(story, preset, door);
        for (const role of castOf(idp, story)) {
          const variables = { ...stage.variables, ...role };
          // oxlint-disable-next-line no-await-in-loop -- a conversation
          const first = await playStory(story, { ...stage, variables });
          expect(problemsOf(first)).toEqual([]);
        }
      }
    },
  );
});

describe("a second cycle", () => {
  const matching = stories.filter(({ story }) => story.per !== "once");

  it.each(matching.map(({ idp, story }) => [idp, story.name, story] as const))(
    "%s: %s, and is matched the second time",
    async (idp, _, story) => {
      const stage = await stageFor(story, "training", "scimUrl");
      for (const role of castOf(idp, story)) {
        const variables = { ...stage.variables, ...role };
        // oxlint-disable-next-line no-await-in-loop -- a conversation
        const first = await playStory(story, { ...stage, variables });
        // oxlint-disable-next-line no-await-in-loop -- a conversation
        const second = await playStory(story, { ...stage, variables });
        expect([problemsOf(first), problemsOf(second)]).toEqual([[], []]);
        expect(second.variables).not.toHaveProperty("created");
        expect(first.steps.some(({ status }) => status === 201)).toBe(true);
        expect(second.steps.some(({ method }) => method === "POST")).toBe(false);
      }
    },
  );
});
