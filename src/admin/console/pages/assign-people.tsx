import type { Context, Hono } from "hono";

import { assignByHandOperation } from "../../operations/departments/assign-by-hand.ts";
import { getDepartmentOperation } from "../../operations/departments/get-department.ts";
import { listUsersOperation } from "../../operations/users/list-users.ts";
import { ask } from "../ask.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { page } from "../page.tsx";
import { peopleOf } from "../parts/department-words.tsx";
import { Field } from "../parts/field.tsx";
import { Notice } from "../parts/notice.tsx";
import { PeoplePicker, chosenIn } from "../parts/people-picker.tsx";
import { PostForm } from "../parts/post-form.tsx";
import { runForm, type Shown } from "../run-form.ts";

const PATH = "/console/t/:slug/departments/:id/assign";
/** So many names that were not found are told: enough to see what is wrong with them. */
const MAX_TOLD = 50;

/** Puts many people into a department by hand: ticked ones, or a pasted list of user names and addresses. */
export function assignPeopleRoutes(app: Hono<ConsoleEnv>): void {
  app.get(PATH, (context) => assignPage(context));

  app.post(PATH, (context) => {
    const assign = async (body: { add: readonly string[] } | { addNamed: readonly string[] }) => {
      const params = context.req.param();
      return {
        once: <Assigned {...await ask(context, assignByHandOperation, { params, body })} />,
      };
    };
    return runForm(
      context,
      {
        chosen: async (form) => assign({ add: chosenIn(form) }),
        named: async (form) => assign({ addNamed: namesIn(form.text("names")) }),
      },
      (shown) => assignPage(context, shown),
    );
  });
}

const namesIn = (text: string): string[] =>
  text
    .split(/[\n,;]/)
    .map((name) => name.trim())
    .filter((name) => name !== "");

function Assigned({
  added,
  unknown,
  ambiguous = [],
}: {
  added: number;
  unknown: readonly string[];
  ambiguous?: readonly string[] | undefined;
}) {
  return (
    <Notice tone={unknown.length + ambiguous.length > 0 ? "warn" : "ok"}>
      <p>{peopleOf(added)} newly assigned. Whoever was assigned by hand before stays so.</p>
      <Names title="Nobody is called" names={unknown} />
      <Names title="Several people share the address" names={ambiguous} />
    </Notice>
  );
}

function Names({ title, names }: { title: string; names: readonly string[] }) {
  if (names.length === 0) return null;
  const more = names.length - MAX_TOLD;
  return (
    <p>
      {title}: {names.slice(0, MAX_TOLD).join(", ")}
      {more > 0 && ` and ${more} more`}
    </p>
  );
}

async function assignPage(context: Context<ConsoleEnv, typeof PATH>, shown: Shown = {}) {
  const params = context.req.param();
  const { slug, id } = params;
  const { view } = context.var;
  const { q, cursor } = context.req.query();
  const query = { q, cursor };
  const [{ name }, people] = await Promise.all([
    ask(context, getDepartmentOperation, { params }),
    ask(context, listUsersOperation, { params: { slug }, query }),
  ]);
  const path = `/console/t/${slug}/departments/${id}/assign`;
  return page(
    context,
    {
      title: `Assign people to ${name}`,
      slug,
      section: "departments",
      refusal: shown.refusal,
    },
    <>
      {shown.once}
      <p>
        <a href={`/console/t/${slug}/departments/${id}`}>Back to the department</a> ·{" "}
        <a href="#names">Paste a list</a>
      </p>
      <PeoplePicker
        view={view}
        slug={slug}
        path={path}
        query={query}
        people={people}
        verb="Assign"
      />
      <h2>Or paste a list</h2>
      <PostForm view={view} action={path} does="named">
        <Field
          label="User names or email addresses"
          name="names"
          hint="One on each line, or with commas between; up to 10,000 at once."
        >
          <textarea id="names" name="names" rows={6} required aria-describedby="names-hint">
            {shown.refusal && shown.form?.text("names")}
          </textarea>
        </Field>
        <div class="actions">
          <button>Assign them</button>
        </div>
      </PostForm>
    </>,
  );
}
