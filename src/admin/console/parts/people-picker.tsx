import type * as z from "zod/mini";

import type { UserView } from "../../user-view.ts";
import { ConsoleRefusal } from "../console-refusal.ts";
import type { View } from "../console-env.ts";
import type { Form } from "../form.ts";
import { DataTable } from "./data-table.tsx";
import { TextField } from "./field.tsx";
import { Pager, withQuery } from "./pager.tsx";
import { nameOf, PersonLink } from "./person-link.tsx";
import { PostForm } from "./post-form.tsx";

interface PickerProps {
  view: View;
  slug: string;
  path: string;
  query: { readonly q?: string | undefined; readonly cursor?: string | undefined };
  people: {
    readonly items: readonly z.infer<typeof UserView>[];
    readonly nextCursor: string | null;
  };
  /** What is done with those who are chosen, such as "Invite". */
  verb: string;
}

/** A search for people with a tick before each, and a form for those who are ticked or for the whole page. */
export function PeoplePicker({ view, slug, path, query, people, verb }: PickerProps) {
  const { items, nextCursor } = people;
  return (
    <>
      <form class="inline" role="search">
        <TextField
          label="Name, user name or email begins with"
          name="q"
          type="search"
          value={query.q ?? ""}
        />
        <button class="quiet">Search</button>
      </form>
      <PostForm view={view} action={withQuery(path, query)} does="chosen" class="">
        <DataTable
          caption="People"
          columns={["Choose", "Name", "User name", "Email", "Departments"]}
          empty={
            nextCursor === null
              ? "Nobody is found."
              : "Nobody on this page: the search goes on with the next one."
          }
          rows={items.map((person) => [
            <input
              type="checkbox"
              name="id"
              value={person.id}
              aria-label={`Choose ${nameOf(person)}`}
            />,
            <>
              <PersonLink slug={slug} person={person} />
              {!person.active && " (inactive)"}
            </>,
            person.userName,
            person.email,
            person.departments.map(({ name }) => name).join(", "),
          ])}
        />
        {items.length > 0 && (
          <div class="actions">
            {items.map(({ id }) => (
              <input type="hidden" name="shown" value={id} />
            ))}
            <button>{verb} those who are ticked</button>
            <button class="quiet" name="all" value="yes">
              {verb} all {items.length} on this page
            </button>
          </div>
        )}
      </PostForm>
      <Pager path={path} query={query} nextCursor={nextCursor} />
    </>
  );
}

/** The ids of those whom a picker's form means. */
export function chosenIn(form: Form): readonly string[] {
  const ids = form.all(form.text("all") === "yes" ? "shown" : "id");
  if (ids.length > 0) return ids;
  const message = "Tick somebody first. Nothing was changed.";
  throw new ConsoleRefusal({ kind: "invalid", errors: [{ path: "", message }] });
}
