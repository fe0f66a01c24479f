import { PERSON_COLUMNS } from "../../../directory/people/csv/people-columns.ts";
import type { View } from "../console-env.ts";
import { ConsoleRefusal } from "../console-refusal.ts";
import type { Form } from "../form.ts";
import { Field, TextField } from "./field.tsx";
import { PostForm } from "./post-form.tsx";

const SAMPLE = `${PERSON_COLUMNS.join(",")}
ada@example.com,,Ada,Byron,,Research,
grace@example.com,ghopper,Grace,Hopper,Grace H.,,`;

/** A form that takes a file of people, or its text. */
export const CsvForm = ({
  view,
  path,
  button,
  text,
}: {
  view: View;
  path: string;
  button: string;
  text: string;
}) => (
  <>
    <PostForm view={view} action={path} does="preview" enctype="multipart/form-data">
      <TextField label="A CSV file" name="file" type="file" />
      <Field label="Or its text" name="csv" hint="The file goes before the text.">
        <textarea id="csv" name="csv" rows={8} aria-describedby="csv-hint">
          {asContent(text)}
        </textarea>
      </Field>
      <div class="actions">
        <button>{button}</button>
      </div>
    </PostForm>
    <details class="more">
      <summary>What the file looks like</summary>
      <p>
        The first line names the columns, in any order; one of email and userName must be among
        them. Names as Entra ID, Okta and Google export them are understood too; other columns are
        passed over. Values stand between commas or semicolons, and an empty one says nothing. Save
        it as CSV UTF-8.
      </p>
      <pre class="code" data-copy="" tabindex={0}>
        {SAMPLE}
      </pre>
    </details>
  </>
);

/** The text travels in the page, so that it need not be chosen again. */
export const CarriedCsv = ({ text }: { text: string }) => (
  <textarea name="csv" hidden>
    {asContent(text)}
  </textarea>
);

/** HTML drops a line break at the beginning, and the numbers of the lines would shift. */
const asContent = (text: string): string => (text.startsWith("\n") ? `\n${text}` : text);

/** What was uploaded or pasted. */
export async function csvIn(form: Form): Promise<string> {
  const text = (await form.file("file")) || (await form.file("csv"));
  if (text.trim() !== "") return text;
  const message = "Choose a file, or paste its text.";
  throw new ConsoleRefusal({ kind: "invalid", errors: [{ path: "", message }] });
}

/** Whether letters were lost because the file is not UTF-8. */
export const isGarbled = (text: string): boolean => text.includes("\uFFFD");
