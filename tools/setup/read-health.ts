import * as z from "zod";

import { jsonAnswer } from "./json-answer.ts";

/** One answer to `GET /healthz`. */
export interface HealthAnswer {
  readonly status: number;
  readonly text: string;
  /** Value of the header `cf-mitigated`: Cloudflare's firewall answered, not the Worker. */
  readonly mitigated: string | undefined;
}

export type Health =
  | { readonly kind: "healthy"; readonly schemaVersion: string }
  /** The Worker answers, with an older or newer schema than migrations/ has. */
  | { readonly kind: "other-schema"; readonly schemaVersion: string }
  /** The Worker says itself what is missing. */
  | { readonly kind: "complains"; readonly detail: string }
  /** A challenge that no identity provider can pass. */
  | { readonly kind: "challenged" }
  | { readonly kind: "foreign"; readonly status: number }
  | { readonly kind: "silent" };

const Healthy = z.object({ status: z.literal("ok"), schemaVersion: z.string() });
const Complaint = z.object({ detail: z.string() });

/** What an answer of `/healthz` says of a deployment whose newest migration has this name. */
export function readHealth(answer: HealthAnswer | undefined, newestMigration: string): Health {
  if (answer === undefined) return { kind: "silent" };
  const { status, text, mitigated } = answer;
  if (mitigated !== undefined) return { kind: "challenged" };
  const healthy = status === 200 ? jsonAnswer(text, Healthy) : undefined;
  if (healthy !== undefined) {
    const { schemaVersion } = healthy;
    return { kind: schemaVersion === newestMigration ? "healthy" : "other-schema", schemaVersion };
  }
  const complaint = status === 503 ? jsonAnswer(text, Complaint) : undefined;
  return complaint === undefined
    ? { kind: "foreign", status }
    : { kind: "complains", detail: complaint.detail };
}
