import type { OperationId } from "../../permissions.ts";
import type { View } from "../console-env.ts";

const TABS = [
  { path: "people", text: "People", operation: "listUsers" },
  { path: "people/import", text: "Import", operation: "importUsers" },
  { path: "people/preflight", text: "Check before provisioning", operation: "preflight" },
] as const satisfies readonly { path: string; text: string; operation: OperationId }[];

export const PeopleTabs = ({
  view,
  slug,
  tab,
}: {
  view: View;
  slug: string;
  tab: (typeof TABS)[number]["path"];
}) => (
  <nav class="tabs" aria-label="People">
    {TABS.filter(({ operation }) => view.may(operation)).map(({ path, text }) => (
      <a href={`/console/t/${slug}/${path}`} aria-current={path === tab ? "page" : undefined}>
        {text}
      </a>
    ))}
  </nav>
);
