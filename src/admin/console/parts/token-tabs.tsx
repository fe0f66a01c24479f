import type { OperationId } from "../../permissions.ts";
import type { View } from "../console-env.ts";

const TABS = [
  { path: "tokens", text: "SCIM tokens", operation: "listTokens" },
  { path: "clients", text: "OAuth clients", operation: "listClients" },
  { path: "admin-keys", text: "Keys of the admin API", operation: "listAdminKeys" },
  { path: "setup-links", text: "Set-up links", operation: "listSetupLinks" },
] as const satisfies readonly { path: string; text: string; operation: OperationId }[];

export type TokenTab = (typeof TABS)[number]["path"];

/** The kinds of credentials that a tenant has, each on a page of its own. */
export const TokenTabs = ({ view, slug, tab }: { view: View; slug: string; tab: TokenTab }) => (
  <nav class="tabs" aria-label="Credentials">
    {TABS.filter(({ operation }) => view.may(operation)).map(({ path, text }) => (
      <a href={`/console/t/${slug}/${path}`} aria-current={path === tab ? "page" : undefined}>
        {text}
      </a>
    ))}
  </nav>
);
