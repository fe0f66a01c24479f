import type * as z from "zod/mini";

import type { UserView } from "../../user-view.ts";

type Person = Pick<z.infer<typeof UserView>, "id" | "displayName" | "userName" | "email">;

/** By what a person is called, where they are called anything. */
export const nameOf = ({ id, displayName, userName, email }: Person): string =>
  [displayName, userName, email].find((name) => name !== null && name.trim() !== "") ?? id;

/** A person's name, which leads to their page. */
export const PersonLink = ({ slug, person }: { slug: string; person: Person }) => (
  <a href={`/console/t/${slug}/people/${person.id}`}>{nameOf(person)}</a>
);
