import * as z from "zod/mini";

import type { Alert } from "../directory/alerts/alert.ts";

/** An alert on the wire. */
export const AlertView = z.object({
  id: z.string(),
  kind: z.enum(["guard", "errors", "silence", "expiring-token", "reconcile-brake"]),
  subject: z.string().check(z.describe("A token and the days it had left; else empty.")),
  raisedAt: z.string(),
  resolvedAt: z.nullable(z.string()),
  detail: z.string().check(z.describe("What happened, and what to do.")),
});

export const alertView = ({
  id,
  kind,
  subject,
  raisedAt,
  resolvedAt,
  detail,
}: Alert): z.infer<typeof AlertView> => ({ id, kind, subject, raisedAt, resolvedAt, detail });
