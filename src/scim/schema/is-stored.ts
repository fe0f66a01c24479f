import type { Attribute } from "./attribute.ts";
import { MEMBERS } from "./group.ts";

/**
 * Whether a value that a client sends for this attribute becomes a part of the stored document. Read-only
 * attributes (`id`, `meta`, `groups`, `schemas`) belong to the server (RFC 7643 §2.2), a password is dropped as
 * soon as it arrives (Okta sends a random one even with password sync off), members are rows of their own.
 */
export function isStored(attribute: Attribute): boolean {
  return (
    attribute.mutability !== "readOnly" &&
    attribute.mutability !== "writeOnly" &&
    attribute !== MEMBERS
  );
}
