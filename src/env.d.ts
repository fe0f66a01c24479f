/** The bindings, variables and secrets of wrangler.toml and `.dev.vars`. Only worker.ts sees them. */
interface Env {
  readonly DB: D1Database;
  /** More databases for tenants, as many as wrangler.toml lists. */
  readonly [name: `DB_${number}`]: D1Database | undefined;
  readonly TOKENS: KVNamespace;
  /** Without them nothing is limited. */
  readonly REQUEST_LIMIT?: RateLimit | undefined;
  readonly REFUSAL_LIMIT?: RateLimit | undefined;
  /** The files of `public/`. */
  readonly ASSETS: Fetcher;
  readonly PUBLIC_URL: string;
  readonly DEFAULT_TENANT: string;
  readonly DEPARTMENT_GRACE_HOURS: string;
  /** Cloudflare's Email Service, where the deployment sends mail. */
  readonly EMAIL?: SendEmail;
  readonly MAIL_FROM?: string;
  readonly INVITATION_URL?: string;
  readonly ACCESS_TEAM_DOMAIN?: string;
  readonly ACCESS_AUD?: string;
  readonly ADMIN_TOKEN?: string;
  readonly TOKEN_PEPPER?: string;
  readonly SIGNING_KEY?: string;
  readonly SCIM_TOKEN?: string;
}
