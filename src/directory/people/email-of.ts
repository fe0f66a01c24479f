import { foldText } from "../../scim/fold.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../scim/json.ts";
import type { Settings } from "../../tenancy/settings.ts";

export type EmailRule = "work" | "primary" | "first" | "userName" | "none";

/** Deliberately loose: whether mail arrives is not decided here, only whether a userName can be an address. */
const ADDRESS = /^[^\s@]+@[^\s@]+$/;

function addressesOf(document: JsonObject): { value: string; type: string; primary: boolean }[] {
  const emails: JsonValue | undefined = document["emails"];
  if (!Array.isArray(emails)) return [];
  return emails.flatMap((email) => {
    if (!isJsonObject(email) || typeof email["value"] !== "string") return [];
    const type = typeof email["type"] === "string" ? foldText(email["type"]) : "";
    return [{ value: email["value"], type, primary: email["primary"] === true }];
  });
}

/** Every address of type "work", in the order given. */
export function workEmailsOf(document: JsonObject): string[] {
  return addressesOf(document)
    .filter((email) => email.type === "work")
    .map((email) => email.value);
}

/**
 * The one address that the product uses: work, else primary, else first, else the userName when it is an
 * address (Entra sends no `emails` at all for a person without a mailbox); or the userName alone.
 * Recomputed at every change, so that a mail that appears later takes over from the userName.
 */
export function emailOf(
  document: JsonObject,
  rule: Settings["email"],
): { email: string | null; rule: EmailRule } {
  const userName = typeof document["userName"] === "string" ? document["userName"] : "";
  if (rule === "mail-then-username") {
    const addresses = addressesOf(document);
    const work = addresses.find((email) => email.type === "work");
    if (work) return { email: work.value, rule: "work" };
    const primary = addresses.find((email) => email.primary);
    if (primary) return { email: primary.value, rule: "primary" };
    const first = addresses[0];
    if (first) return { email: first.value, rule: "first" };
  }
  return ADDRESS.test(userName)
    ? { email: userName, rule: "userName" }
    : { email: null, rule: "none" };
}
