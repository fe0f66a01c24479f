import type { Context } from "hono";
import type { Child } from "hono/jsx";

import type { ConsoleEnv } from "./console-env.ts";
import { ConsoleRefusal } from "./console-refusal.ts";
import { type Form, readForm } from "./form.ts";

/** What one form of a page does: the word for what was done, another page, or what this one has to show this once. */
type Action = (form: Form) => Promise<string | Response | { readonly once: Child }>;
export type Actions = Readonly<Record<string, Action>>;

/** How a page is shown again after a form of it was sent. */
export interface Shown {
  readonly once?: Child;
  readonly refusal?: ConsoleRefusal | undefined;
  /** What was typed, so that a refusal costs nobody their work. */
  readonly form?: Form;
}

/**
 * Runs the form that the field `does` names. What was done is said by the page that the browser goes to next, so
 * that loading it again does not do it twice; a refusal is shown on the page of the form.
 */
export async function runForm(
  context: Context<ConsoleEnv>,
  actions: Actions,
  show: (shown: Shown) => Response | Promise<Response>,
): Promise<Response> {
  const form = await readForm(context);
  const does = form.text("does");
  const action = Object.hasOwn(actions, does) ? actions[does] : undefined;
  try {
    if (!action) {
      throw new ConsoleRefusal({
        kind: "invalid",
        errors: [{ path: "", message: "There is no such form." }],
      });
    }
    const outcome = await action(form);
    if (typeof outcome === "string") {
      return context.redirect(`${new URL(context.req.url).pathname}?done=${outcome}`, 303);
    }
    return outcome instanceof Response ? outcome : await show(outcome);
  } catch (error) {
    if (error instanceof ConsoleRefusal) return show({ refusal: error, form });
    throw error;
  }
}

/** The sentence about what has just been done; a word that is none of the page's says nothing. */
export function sentenceOf(
  context: Context<ConsoleEnv>,
  sentences: Readonly<Record<string, string>>,
): string | undefined {
  const word = context.req.query("done") ?? "";
  return Object.hasOwn(sentences, word) ? sentences[word] : undefined;
}
