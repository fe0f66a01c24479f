import * as z from "zod";

/** One name or several. */
const names = z.union([z.string(), z.array(z.string()).min(1)]);

const Step = z.strictObject({
  name: z.string().min(1),
  /** The step is left out unless all of `set` and none of `unset` have been captured or given. */
  when: z.strictObject({ set: names.optional(), unset: names.optional() }).optional(),
  /** Play the step so many times; `{{index}}` counts from 1. */
  repeat: z.int().min(2).max(100).optional(),
  request: z.strictObject({
    /** Which of the stage's doors; without one, the identity provider's. */
    door: z.string().min(1).optional(),
    method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]),
    /** Relative to the tenant's SCIM base URL, query included, encoded as the identity provider encodes it. */
    path: z.string().startsWith("/"),
    /** Instead of, or besides, the identity provider's own; `null` sends none of that name. */
    headers: z.record(z.string(), z.string().nullable()).optional(),
    body: z.json().optional(),
    /** In place of a JSON body: its lines, for CSV. */
    lines: z.array(z.string()).min(1).optional(),
  }),
  expect: z.strictObject({
    status: z.union([z.int(), z.array(z.int()).min(2)]),
    headers: z.record(z.string(), z.json()).optional(),
    body: z.json().optional(),
    /** Texts that an answer which is not JSON holds. */
    contains: z.array(z.string()).min(1).optional(),
    /** Texts that no answer may hold. */
    lacks: z.array(z.string()).min(1).optional(),
  }),
  /** Variable → path into the answer's body; a path that ends in `?` may lead nowhere. */
  capture: z.record(z.string(), z.string()).optional(),
});

const Story = z.strictObject({
  name: z.string().min(1),
  /** Where it is published, or was seen, that a client behaves like this. */
  source: z.string().min(1),
  per: z.enum(["once", "user", "group"]),
  /** The presets whose tenants the story is true for; all of them when absent. */
  presets: z.array(z.string()).min(1).optional(),
  /** People who must have been enrolled by hand before the story begins: `POST …/users` of the admin API. */
  enrolled: z.array(z.record(z.string(), z.string())).min(1).optional(),
  /** The story's own variables; may use the player's (`run`, `guid`, …) and those above them. */
  vars: z.record(z.string(), z.json()).optional(),
  steps: z.array(Step).min(1),
});

export type Story = z.infer<typeof Story>;
export type Step = z.infer<typeof Step>;

/** What a story of a product is played on: tenants by the names of their doors. */
const Tenants = z.record(
  z.string().regex(/^[a-z]+$/),
  z.strictObject({
    preset: z.string(),
    settings: z.record(z.string(), z.json()).optional(),
    organisation: z.string().optional(),
  }),
);

const ProductStory = Story.omit({ per: true, presets: true, enrolled: true }).extend({
  /** The row of the product's table that it plays. */
  row: z.string().regex(/^[A-D][0-9]+$/),
  /** The first one's door is the identity provider's. */
  tenants: Tenants,
});
export type ProductStory = z.infer<typeof ProductStory>;

/** Reads a product's story; throws with the file's name when it is not one. */
export function parseProductStory(file: string, content: unknown): ProductStory {
  const parsed = ProductStory.safeParse(content);
  if (!parsed.success) throw new Error(`${file} is not a story: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** Reads a story from its file's content; throws with the file's name when it is not one. */
export function parseStory(file: string, content: unknown): Story {
  const parsed = Story.safeParse(content);
  if (!parsed.success) throw new Error(`${file} is not a story: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** Whether the story may be played against a tenant with that preset. */
export function isForPreset(story: Story, preset: string): boolean {
  return story.presets === undefined || story.presets.includes(preset);
}
