import { createScheduledController } from "cloudflare:test";
import { afterEach, describe, expect, it, vi } from "vitest";

import worker from "../../../src/worker.ts";
import { callWorker, workerEnv } from "../../call-worker.ts";
import { admin, issueToken, ORIGIN } from "../../mint-tenant.ts";
import { type Door, type FetchAnswer, playStory, type Stage } from "../play-story.ts";
import { parseProductStory, type ProductStory } from "../story.ts";

const ADMIN_KEY = "admin-key-of-the-test-suite-0123456789abcdef";
const CRON = "cron:";
const MAIL = "mail:";

const files = import.meta.glob<unknown>("./*.json", { eager: true, import: "default" });
const stories = Object.entries(files).map(([file, content]) => parseProductStory(file, content));

/** What was handed to the sender. */
const mails: { readonly to: unknown; readonly subject: string; readonly text: unknown }[] = [];
const sender: SendEmail = {
  send(mail: EmailMessage | EmailMessageBuilder) {
    if (!("subject" in mail)) throw new Error("A mail without a subject.");
    mails.push({ to: mail.to, subject: mail.subject, text: mail.text });
    return Promise.resolve({ messageId: String(mails.length) });
  },
};

// No grace: in a story, a day has passed when it says that the job runs.
const environment = {
  DEPARTMENT_GRACE_HOURS: "0",
  EMAIL: sender,
  MAIL_FROM: "no-reply@scim.example.com",
  INVITATION_URL: "https://learn.example.com/welcome/{id}",
};
const call = callWorker(environment);

async function runCron(): Promise<FetchAnswer> {
  await worker.scheduled(createScheduledController(), workerEnv(environment));
  return new Response(null, { status: 204 });
}

/** The mails to an address, the oldest first: `GET /ADDRESS`. */
function readMails(url: string): Promise<FetchAnswer> {
  const address = decodeURIComponent(url.slice(`${MAIL}/`.length));
  return Promise.resolve(Response.json({ items: mails.filter(({ to }) => to === address) }));
}

let played = 0;

/** A tenant of its own behind each door that the story names; the operator and the clock have doors too. */
async function stageFor(story: ProductStory): Promise<Stage> {
  const run = `p${++played}x`;
  const doors: Record<string, Door> = {
    admin: {
      baseUrl: `${ORIGIN}/api/v1/admin`,
      headers: { authorization: `Bearer ${ADMIN_KEY}` },
      speaksScim: false,
    },
    cron: { baseUrl: CRON, headers: {}, speaksScim: false },
    mail: { baseUrl: MAIL, headers: {}, speaksScim: false },
    nobody: { baseUrl: ORIGIN, headers: {}, speaksScim: false },
  };
  const variables: Record<string, unknown> = { run, guid: crypto.randomUUID() };
  for (const [name, { preset, settings, organisation }] of Object.entries(story.tenants)) {
    const slug = `${run}-${name}`;
    const body = {
      slug,
      name: slug,
      preset,
      organisation,
      settings: { ssoActive: true, ...settings },
    };
    // oxlint-disable-next-line no-await-in-loop -- in the story's order
    const made = await admin("POST", "/tenants", body);
    expect(made.status, made.text).toBe(201);
    const ssoActive = settings?.["ssoActive"] !== false;
    // oxlint-disable-next-line no-await-in-loop -- in the story's order
    const token = ssoActive ? (await issueToken(slug)).token : "none";
    doors[name] = {
      baseUrl: String(made.body["tenantScimUrl"]),
      headers: { authorization: `Bearer ${token}` },
      speaksScim: true,
    };
    variables[name] = { slug, token, scimUrl: made.body["scimUrl"] };
  }
  const [first = ""] = Object.keys(story.tenants);
  const main = doors[first];
  if (!main) throw new Error(`${story.name} has no tenant.`);
  return {
    fetch(url, init) {
      if (url.startsWith(CRON)) return runCron();
      return url.startsWith(MAIL) ? readMails(url) : call(new Request(url, init));
    },
    baseUrl: main.baseUrl,
    headers: main.headers,
    variables,
    doors,
  };
}

describe("the products", () => {
  // The directory is one way: whatever a story does, the Worker calls nobody.
  const calls = vi.spyOn(globalThis, "fetch").mockRejectedValue(new Error("Nobody is called."));
  afterEach(() => calls.mockClear());

  const byRow = stories.toSorted((a, b) => a.row.localeCompare(b.row, "en", { numeric: true }));

  it.each(byRow.map((story) => [story.row, story.name, story] as const))(
    "%s: %s",
    async (_row, _name, story) => {
      const told = await playStory(story, await stageFor(story));
      const problems = told.steps.flatMap((step) =>
        step.problems.map((problem) => `${step.name} (${step.method} ${step.url}): ${problem}`),
      );
      expect(problems).toEqual([]);
      expect(calls).not.toHaveBeenCalled();
    },
  );
});
