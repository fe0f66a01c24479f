import { exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

const ORIGIN = "https://scim.example.com";
const ADMIN = { Authorization: "Bearer admin-key-of-the-test-suite-0123456789abcdef" };

const ask = (path: string, init: RequestInit = {}) =>
  exports.default.fetch(`https://elsewhere.example.com${path}`, init);

describe("GET /openapi.json", () => {
  it("names the configured address, and not the request's, as the server", async () => {
    const answer = await ask("/api/v1/admin/openapi.json", { headers: ADMIN });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("Content-Type")).toMatch(/^application\/json/);
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
    expect(await answer.json()).toMatchObject({
      openapi: "3.1.0",
      servers: [{ url: ORIGIN }],
      components: { schemas: { Tenant: {}, Problem: {} } },
    });
  });
});

describe("GET /docs", () => {
  it.each(["/api/v1/admin/docs", "/api/v1/admin/docs/", "//api/v1/admin//docs"])(
    "shows the page without a key: %s",
    async (path) => {
      const answer = await ask(path);
      expect(answer.status).toBe(200);
      expect(answer.headers.get("Content-Type")).toBe("text/html; charset=utf-8");
      expect(await answer.text()).toMatch(/^<!doctype html>[^]*<h1>Administration API<\/h1>/);
    },
  );

  it("lets nothing run in it, and lets nobody frame it", async () => {
    const { headers, body } = await ask("/api/v1/admin/docs");
    await body?.cancel();
    const policy = (headers.get("Content-Security-Policy") ?? "").split("; ");
    expect(policy).toEqual(
      expect.arrayContaining(["default-src 'none'", "style-src 'self'", "frame-ancestors 'none'"]),
    );
    expect(policy.some((rule) => rule.startsWith("script-src"))).toBe(false);
    expect(headers.get("Cache-Control")).toBe("no-store");
    expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
  });

  it.each([
    ["POST", "/api/v1/admin/docs"],
    ["GET", "/api/v1/admin/docs.html"],
    ["GET", "/api/v1/admin/docs/openapi.json"],
    ["GET", "/api/v1/admin/Docs"],
  ])("opens no other door: %s %s is 401", async (method, path) => {
    expect((await ask(path, { method })).status).toBe(401);
  });

  it("answers 405 to a key with another method", async () => {
    const answer = await ask("/api/v1/admin/docs", { method: "DELETE", headers: ADMIN });
    expect(answer.status).toBe(405);
    expect(answer.headers.get("Allow")).toBe("GET, HEAD");
  });
});

describe("the files of public/", () => {
  it.each([
    "/api/openapi.json",
    "/api/docs.html",
    "/api/docs",
    "/public/api/openapi.json",
    "/api/v1/admin/../../openapi.json",
  ])("are not served under their own names: %s", async (path) => {
    const answer = await ask(path);
    expect([401, 404]).toContain(answer.status);
    expect(await answer.text()).not.toContain("createTenant");
  });
});
