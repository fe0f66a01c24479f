/**
 * The identity providers that the page "Connect" offers, in the order in which it offers them. The guides themselves
 * are texts in docs/idp, rendered to public/console/guides/{id}.html.
 */
export interface Guide {
  readonly id: string;
  readonly title: string;
  /** What the identity provider calls the fields; several names where products of one vendor differ. */
  readonly urlFields: readonly string[];
  readonly tokenFields: readonly string[];
  /** Where it can use an OAuth client in place of a token. */
  readonly oauth?: {
    readonly tokenUrlFields: readonly string[];
    readonly clientIdFields: readonly string[];
    readonly clientSecretFields: readonly string[];
  };
  /** Whether the guide tells of the address that takes this tenant's tokens alone. */
  readonly usesTenantScimUrl: boolean;
}

/** What a guide may hold in double braces; whoever shows it puts escaped values in their place. */
export const GUIDE_PLACEHOLDERS = [
  "scimUrl",
  "tenantScimUrl",
  "tokenUrl",
  "tenantName",
  "slug",
] as const;

export const GUIDES: readonly Guide[] = [
  {
    id: "entra",
    title: "Microsoft Entra ID",
    urlFields: ["Tenant URL"],
    tokenFields: ["Secret Token"],
    oauth: {
      tokenUrlFields: ["Token endpoint"],
      clientIdFields: ["Client identifier"],
      clientSecretFields: ["Client secret"],
    },
    usesTenantScimUrl: true,
  },
  {
    id: "okta-header-auth",
    title: "Okta with Header Auth",
    urlFields: ["Base URL"],
    tokenFields: ["API Token"],
    usesTenantScimUrl: true,
  },
  {
    id: "okta-oauth-bearer",
    title: "Okta with OAuth bearer token",
    urlFields: ["SCIM 2.0 Base Url"],
    tokenFields: ["OAuth Bearer Token"],
    usesTenantScimUrl: true,
  },
  {
    id: "okta-custom-app",
    title: "Okta custom app",
    urlFields: ["SCIM connector base URL"],
    tokenFields: ["Authorization"],
    usesTenantScimUrl: true,
  },
  {
    id: "onelogin",
    title: "OneLogin",
    urlFields: ["SCIM Base URL"],
    tokenFields: ["SCIM Bearer Token"],
    usesTenantScimUrl: false,
  },
  {
    id: "jumpcloud",
    title: "JumpCloud",
    urlFields: ["Base URL"],
    tokenFields: ["Token Key"],
    usesTenantScimUrl: false,
  },
  {
    id: "google",
    title: "Google Workspace",
    urlFields: ["Endpoint URL"],
    tokenFields: ["Access token"],
    usesTenantScimUrl: false,
  },
  {
    id: "ping",
    title: "Ping (PingOne, PingFederate)",
    urlFields: ["SCIM Base URL", "SCIM URL"],
    tokenFields: ["OAuth Access Token", "Access Token"],
    oauth: {
      tokenUrlFields: ["OAuth Token Request", "Token Request Endpoint"],
      clientIdFields: ["OAuth Client ID", "Client ID"],
      clientSecretFields: ["OAuth Client Secret", "Client Secret"],
    },
    usesTenantScimUrl: true,
  },
  {
    id: "generic",
    title: "Any other identity provider",
    urlFields: ["Base URL", "Tenant URL", "SCIM endpoint"],
    tokenFields: ["Token", "API key", "secret"],
    oauth: {
      tokenUrlFields: ["Token endpoint", "token URL"],
      clientIdFields: ["Client ID"],
      clientSecretFields: ["Client secret"],
    },
    usesTenantScimUrl: true,
  },
];
