import { env } from "cloudflare:workers";
import { it } from "vitest";
import { callWorker } from "../call-worker.ts";
import { mintTenant, ORIGIN } from "../mint-tenant.ts";
import { interceptD1 } from "../storage/intercept-d1.ts";

it("measures", async () => {
  const tenant = await mintTenant({ preset: "training" });
  let trips = 0, statementsSeen = 0, read = 0, written = 0;
  const w = callWorker({ DB: interceptD1(env.DB, async ({ statements, send }) => {
    const results = await send();
    trips++; statementsSeen += statements.length;
    results.forEach(({ meta }) => { read += meta.rows_read; written += meta.rows_written; });
    return results;
  }) });
  const lines: string[] = [];
  const csv = (d: string) => "email,userName,givenName,familyName,displayName,department,externalId\n" + Array.from({ length: 50_000 }, (_, n) => `person.${n}@example.com,person.${n}@corp.example.com,Given ${n},Family ${n},Given Family ${n},Department ${n % 300}${d},x-${n}`).join("\n");
  for (const [name, path, body] of [["dry", "import?dryRun=true", csv("")], ["create", "import", csv("")], ["again", "import", csv("")], ["update", "import", csv(" b")], ["export", "export", ""], ["preflight", "preflight", "x"]] as const) {
    trips = statementsSeen = read = written = 0;
    const t = Date.now();
    const users = Array.from({ length: 10_000 }, (_, n) => ({ userName: `p.${n}@other.example.com`, email: n % 2 ? `person.${n}@other.example.com` : `person.${n}@example.com` }));
    const init: RequestInit = path === "export" ? {} : path === "preflight" ? { method: "POST", body: JSON.stringify({ users }) } : { method: "POST", body };
    const type = path === "preflight" ? "application/json" : "text/csv";
    const url = path === "preflight" ? `${ORIGIN}/api/v1/admin/tenants/${tenant.slug}/preflight` : `${ORIGIN}/api/v1/admin/tenants/${tenant.slug}/users/${path}`;
    const r = await w(new Request(url, { ...init, headers: { Authorization: "Bearer admin-key-of-the-test-suite-0123456789abcdef", "Content-Type": type } }));
    const text = await r.text();
    lines.push(`${name} ${r.status} ${Date.now() - t}ms trips=${trips} statements=${statementsSeen} read=${read} written=${written} body=${body.length} answer=${text.length} ${text.slice(0, 120).replace(/\s+/g, " ")}`);
  }
  console.error(lines.join("\n"));
  throw new Error("show");
}, 300_000);
