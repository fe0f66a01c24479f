import { randomBytes } from "node:crypto";

import { type BenchClient, openClient } from "./open-client.ts";
import type { Runtime } from "./open-runtime.ts";

const SCIM = "/api/v1/scim/v2";
const ADMIN = "/api/v1/admin";

/** The secrets of one run. */
export function makeSecrets(): Record<"ADMIN_TOKEN" | "TOKEN_PEPPER" | "SIGNING_KEY", string> {
  const secret = () => randomBytes(32).toString("base64url");
  return { ADMIN_TOKEN: secret(), TOKEN_PEPPER: secret(), SIGNING_KEY: secret() };
}

export interface BenchTenant {
  /** Its number in the database, first in every key there. */
  readonly key: number;
  /** The Tenant URL, served by one of the runtime's Workers, and the bearer token. */
  urlOf(worker: string): string;
  readonly token: string;
  /** One more, which the Worker has never seen. */
  readonly issueToken: () => Promise<string>;
  /** A client that speaks SCIM to one of the Workers. */
  clientOf(worker: string, connections: number): BenchClient;
}

export async function openTenant(
  runtime: Runtime,
  worker: string,
  adminToken: string,
  fields: Readonly<Record<string, unknown>>,
): Promise<BenchTenant> {
  const originOf = (name: string): string => {
    const url = runtime.urls.get(name);
    if (url === undefined) throw new Error(`There is no Worker ${name}.`);
    return url.origin;
  };
  const admin = openClient(
    originOf(worker) + ADMIN,
    { Authorization: `Bearer ${adminToken}`, "Content-Type": "application/json" },
    1,
  );
  const created = async (path: string, body: unknown): Promise<Record<string, unknown>> => {
    const { status, text } = await admin.send({ method: "POST", path, body });
    if (status !== 201) throw new Error(`POST ${path} was answered with ${status}: ${text}`);
    return JSON.parse(text) as Record<string, unknown>;
  };
  await created("/tenants", { slug: "bench", name: "Bench", ...fields });
  const issueToken = async (): Promise<string> => {
    const { token } = await created("/tenants/bench/tokens", { name: "Bench" });
    admin.close();
    return String(token);
  };
  const token = await issueToken();

  const state = await runtime.database
    .prepare("SELECT max(tenant_key) AS key FROM tenant_states")
    .first<{ key: number }>();
  if (state === null) throw new Error("A tenant without a state.");
  const urlOf = (name: string) => originOf(name) + SCIM;
  return {
    key: state.key,
    urlOf,
    token,
    issueToken,
    clientOf: (name, connections) =>
      openClient(
        urlOf(name),
        { Authorization: `Bearer ${token}`, "Content-Type": "application/scim+json" },
        connections,
      ),
  };
}
