import { type Answer, brokenRules } from "./answer-rules.ts";
import { fillPath, fillTemplate, isRecord, valueAt, type Variables } from "./fill-template.ts";
import { matchBody } from "./match-body.ts";
import type { Step, Story } from "./story.ts";

/** The part of `fetch` that a story needs: the Worker's own in tests, the network's in the simulator. */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchAnswer>;

export interface FetchInit {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

export interface FetchAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}

/** Somewhere else than the tenant's SCIM base URL: another tenant, the admin API, the cron trigger. */
export interface Door {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether its answers must keep what every SCIM answer must keep. */
  readonly speaksScim: boolean;
}

export interface Stage {
  readonly fetch: Fetch;
  /** The tenant's SCIM base URL, without a slash at its end. */
  readonly baseUrl: string;
  /** Sent with every request that names no header of its own instead. */
  readonly headers: Readonly<Record<string, string>>;
  readonly variables: Variables;
  readonly doors?: Readonly<Record<string, Door>>;
}

export interface PlayedStep {
  readonly name: string;
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly body: unknown;
  /** What was not as expected, in words; none when all was. */
  readonly problems: readonly string[];
}

export interface Played {
  readonly steps: readonly PlayedStep[];
  /** What the story was given and what it captured. */
  readonly variables: Variables;
  readonly passed: boolean;
}

/**
 * Plays a story and says how it went; it throws only when the story itself is wrong or the network fails.
 * It ends at the first step with a problem, because the following ones would tell of nothing else.
 */
export async function playStory(
  story: Pick<Story, "vars" | "steps">,
  stage: Stage,
): Promise<Played> {
  const variables: Record<string, unknown> = { ...stage.variables };
  for (const [name, template] of Object.entries(story.vars ?? {})) {
    variables[name] = fillTemplate(template, variables);
  }
  const steps: PlayedStep[] = [];
  for (const step of story.steps) {
    if (!isDue(step, variables)) continue;
    for (let index = 1; index <= (step.repeat ?? 1); index++) {
      // oxlint-disable-next-line no-await-in-loop -- a conversation: each request depends on the last answer
      const played = await playStep(step, { ...stage, variables: { ...variables, index } });
      steps.push(played);
      if (played.problems.length > 0) return { steps, variables, passed: false };
      Object.assign(variables, captured(step, played.body));
    }
  }
  return { steps, variables, passed: true };
}

async function playStep(step: Step, stage: Stage): Promise<PlayedStep> {
  const { method } = step.request;
  const door = doorOf(step, stage);
  const url = door.baseUrl + fillPath(step.request.path, stage.variables);
  const body = bodyOf(step, stage.variables);
  const headers = headersOf(step, { ...stage, headers: door.headers }, body !== undefined);
  const response = await stage.fetch(url, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  const answer = await readAnswer(response);
  const problems = problemsOf(step, answer, stage.variables, door.speaksScim);
  return { name: step.name, method, url, status: answer.status, body: answer.body, problems };
}

function doorOf(step: Step, stage: Stage): Door {
  const { door: name } = step.request;
  if (name === undefined) return { ...stage, speaksScim: true };
  const door = stage.doors?.[name];
  if (!door) throw new Error(`${step.name}: there is no door ${name}`);
  return door;
}

function bodyOf({ request }: Step, variables: Variables): string | undefined {
  if (request.lines)
    return `${request.lines.map((line) => fillTemplate(line, variables)).join("\r\n")}\r\n`;
  if (request.body === undefined) return undefined;
  return JSON.stringify(fillTemplate(request.body, variables));
}

/** Names fold to lower case, so that a step's header replaces the stage's whatever its spelling. */
function headersOf(step: Step, stage: Stage, hasBody: boolean): Record<string, string> {
  const headers = new Map<string, string>();
  if (hasBody) headers.set("content-type", "application/scim+json; charset=utf-8");
  for (const [name, value] of Object.entries(stage.headers)) headers.set(name.toLowerCase(), value);
  for (const [name, value] of Object.entries(step.request.headers ?? {})) {
    if (value === null) headers.delete(name.toLowerCase());
    else headers.set(name.toLowerCase(), String(fillTemplate(value, stage.variables)));
  }
  return Object.fromEntries(headers);
}

export async function readAnswer(response: FetchAnswer): Promise<Answer> {
  const text = await response.text();
  const { status } = response;
  const header = (name: string) => response.headers.get(name);
  if (text === "") return { status, header, text, body: undefined, unreadable: undefined };
  try {
    return { status, header, text, body: JSON.parse(text), unreadable: undefined };
  } catch {
    return { status, header, text, body: undefined, unreadable: text.slice(0, 200) };
  }
}

function problemsOf(
  step: Step,
  answer: Answer,
  variables: Variables,
  speaksScim: boolean,
): string[] {
  const expected = step.expect;
  const statuses = typeof expected.status === "number" ? [expected.status] : expected.status;
  const problems = speaksScim ? brokenRules(answer) : [];
  if (!statuses.includes(answer.status)) {
    problems.unshift(`expected ${statuses.join(" or ")}, got ${answer.status}${detailOf(answer)}`);
    return problems;
  }
  for (const [name, value] of Object.entries(expected.headers ?? {})) {
    problems.push(
      ...matchBody(fillTemplate(value, variables), answer.header(name) ?? undefined, name),
    );
  }
  if (expected.body !== undefined)
    problems.push(...matchBody(fillTemplate(expected.body, variables), answer.body));
  const told = (text: string) => String(fillTemplate(text, variables));
  for (const text of expected.contains?.map(told) ?? []) {
    if (!answer.text.includes(text)) problems.push(`the answer should hold ${text}`);
  }
  for (const text of expected.lacks?.map(told) ?? []) {
    if (answer.text.includes(text)) problems.push(`the answer should not hold ${text}`);
  }
  for (const [variable, path] of Object.entries(step.capture ?? {})) {
    if (!path.endsWith("?") && valueAt(answer.body, path) === undefined) {
      problems.push(`the answer has no ${path}, which the story needs as {{${variable}}}`);
    }
  }
  return problems;
}

function detailOf(answer: Answer): string {
  if (isRecord(answer.body) && typeof answer.body["detail"] === "string") {
    const scimType = answer.body["scimType"];
    return `${typeof scimType === "string" ? ` ${scimType}` : ""}: ${answer.body["detail"]}`;
  }
  return answer.unreadable === undefined ? "" : `: ${answer.unreadable}`;
}

function captured(step: Step, body: unknown): Record<string, unknown> {
  const found = Object.entries(step.capture ?? {})
    .map(([variable, path]): [string, unknown] => [
      variable,
      valueAt(body, path.replace(/\?$/, "")),
    ])
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(found);
}

function isDue(step: Step, variables: Variables): boolean {
  const set = [step.when?.set ?? []].flat();
  const unset = [step.when?.unset ?? []].flat();
  return (
    set.every((name) => valueAt(variables, name) !== undefined) &&
    unset.every((name) => valueAt(variables, name) === undefined)
  );
}
