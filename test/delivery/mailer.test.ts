import { describe, expect, it } from "vitest";

import {
  cloudflareMailer,
  mailerOf,
  outcomeOfError,
  type EmailBinding,
} from "../../src/delivery/mailer.ts";

const mail = { to: "ana@example.com", subject: "Hello", html: "<p>Hello</p>", text: "Hello" };
const failure = (code: unknown) =>
  Object.assign(new Error("ana@example.com was refused"), { code });

/** Cloudflare's binding, as its documentation describes it. */
function binding(send: EmailBinding["send"] = async () => ({ messageId: "1" })) {
  const sent: unknown[] = [];
  const bound: EmailBinding = {
    send(message) {
      sent.push(message);
      return send(message);
    },
  };
  return { bound, sent };
}

describe("the mailer", () => {
  it("hands a mail over with the deployment's sender", async () => {
    const { bound, sent } = binding();
    const mailer = cloudflareMailer(bound, "noreply@example.com");
    expect(await mailer.send(mail)).toEqual({ kind: "accepted" });
    expect(sent).toEqual([{ ...mail, from: "noreply@example.com" }]);
  });

  it("never throws: a binding that fails is an outcome, without the message", async () => {
    const rejecting = binding(() => Promise.reject(failure("E_RECIPIENT_SUPPRESSED")));
    expect(await cloudflareMailer(rejecting.bound, "x@example.com").send(mail)).toEqual({
      kind: "undeliverable",
      code: "E_RECIPIENT_SUPPRESSED",
    });
    const throwing = binding(() => {
      throw failure("E_SENDER_NOT_VERIFIED");
    });
    expect(await cloudflareMailer(throwing.bound, "x@example.com").send(mail)).toEqual({
      kind: "closed",
      code: "E_SENDER_NOT_VERIFIED",
    });
  });

  it("does not wait for ever", async () => {
    const { bound } = binding(() => new Promise(() => undefined));
    const outcome = await cloudflareMailer(bound, "x@example.com", 10).send(mail);
    expect(outcome).toEqual({ kind: "failed", code: "TIMEOUT" });
  });

  it("is there when the binding and the sender are", () => {
    const { bound } = binding();
    expect(mailerOf(undefined, "noreply@example.com")).toBeUndefined();
    expect(mailerOf(bound, " ")).toBeUndefined();
    expect(mailerOf(bound, "noreply@example.com")).toBeDefined();
  });
});

describe("an error of the binding", () => {
  it.each([
    ["E_RECIPIENT_SUPPRESSED", "undeliverable"],
    ["E_RECIPIENT_NOT_ALLOWED", "undeliverable"],
    ["E_RATE_LIMIT_EXCEEDED", "closed"],
    ["E_DAILY_LIMIT_EXCEEDED", "closed"],
    ["E_SENDER_NOT_VERIFIED", "closed"],
    ["E_SENDER_DOMAIN_NOT_AVAILABLE", "closed"],
    ["E_DELIVERY_FAILED", "failed"],
    ["E_VALIDATION_ERROR", "failed"],
  ])("with the code %s is %s", (code, kind) => {
    expect(outcomeOfError(failure(code))).toEqual({ kind, code });
  });

  it.each([
    ["no code", new Error("ana@example.com")],
    ["a number", failure(10_001)],
    ["a code that may be a text about the person", failure("E_ana@example.com")],
    ["no error at all", "ana@example.com"],
  ])("with %s tells nothing of it", (_what, error) => {
    expect(outcomeOfError(error)).toEqual({ kind: "failed", code: "E_UNKNOWN" });
  });
});
