import { describe, expect, it } from "vitest";

import { alertMail } from "../../src/delivery/alert-mail.tsx";
import { invitationLink, invitationMail } from "../../src/delivery/invitation-mail.tsx";
import { oneLine } from "../../src/delivery/one-line.ts";

const NASTY = `<img src=x onerror="alert(1)">'&`;

describe("the subject of a mail", () => {
  it.each([
    ["stays as it is", "Ana & Söhne", "Ana & Söhne"],
    [
      "has no line break that begins another header",
      "A\r\nBcc: eve@example.com",
      "A Bcc: eve@example.com",
    ],
    ["has no line break alone", "A\nB\rC", "A B C"],
    ["has none of Unicode's line breaks", "A\u0085B\u2028C\u2029D", "A B C D"],
    ["has no control characters", "\u0000A\t\u001bB\u007f", "A B"],
    ["has no spaces around it", "  A   B ", "A B"],
    ["may be empty", "\r\n", ""],
  ])("%s", (_what, text, line) => {
    expect(oneLine(text)).toBe(line);
  });

  it("ends after 200 characters, between two of them", () => {
    const line = oneLine("😀".repeat(300));
    expect(Array.from(line)).toHaveLength(200);
    expect(line.endsWith("😀…")).toBe(true);
  });
});

describe("the link of an invitation", () => {
  it.each([
    [
      "names the invitation",
      "https://app.example.com/join/{id}",
      "https://app.example.com/join/a%2Fb",
    ],
    [
      "names it wherever it is asked for",
      "https://x.example/{id}?u={id}",
      "https://x.example/a%2Fb?u=a%2Fb",
    ],
    ["may be the same for all", " http://localhost:3000 ", "http://localhost:3000"],
    ["is none without a template", "", undefined],
    ["is none that runs", "javascript:alert('{id}')", undefined],
    ["is none that is no address", "https://", undefined],
    ["is none that is relative", "/join/{id}", undefined],
  ])("%s", (_what, template, link) => {
    expect(invitationLink(template, "a/b")).toBe(link);
  });
});

describe("an invitation", () => {
  const mail = invitationMail({
    to: "ana@example.com",
    tenantName: `Acme\r\nBcc: eve@example.com ${NASTY}`,
    link: "https://app.example.com/join/1?a=1&b=2",
  });

  it("says whose product it is, on one line of the header", () => {
    expect(mail.to).toBe("ana@example.com");
    expect(mail.subject).toBe(`You are invited to Acme Bcc: eve@example.com ${NASTY}`);
  });

  it("escapes the names in its HTML, and does not in its text", () => {
    expect(mail.html).not.toContain("<img");
    expect(mail.html).toContain("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&#39;&amp;");
    expect(mail.text).toContain(NASTY);
  });

  it("holds the link in both", () => {
    expect(mail.html).toContain('<a href="https://app.example.com/join/1?a=1&amp;b=2">');
    expect(mail.text).toContain("\nhttps://app.example.com/join/1?a=1&b=2\n");
    expect(mail.html.startsWith('<!doctype html><html lang="en">')).toBe(true);
  });

  it("needs no link", () => {
    const without = invitationMail({ to: "a@example.com", tenantName: "Acme", link: undefined });
    expect(without.html).not.toContain("<a ");
    expect(without.text).toContain("Sign in as your organisation has told you");
  });
});

describe("an alert", () => {
  const facts = {
    notifyEmail: "it@example.com",
    tenantName: NASTY,
    detail: `Because of ${NASTY}`,
    raisedAt: "2026-06-01T12:00:00.000Z",
    consoleUrl: "https://scim.example.com/console",
  };

  it.each(["guard", "errors", "silence", "expiring-token", "reconcile-brake"] as const)(
    "of kind %s says what happened, where, and where to look",
    (kind) => {
      const mail = alertMail({ ...facts, kind });
      expect(mail.to).toBe("it@example.com");
      expect(mail.subject).toContain(`(${NASTY})`);
      expect(mail.html).not.toContain("<img");
      expect(mail.html).toContain('<a href="https://scim.example.com/console">');
      expect(mail.text).toContain(facts.detail);
      expect(mail.text).toContain("https://scim.example.com/console");
    },
  );

  it("needs no console", () => {
    const mail = alertMail({ ...facts, kind: "guard", consoleUrl: undefined });
    expect(mail.html).not.toContain("<a ");
  });
});
