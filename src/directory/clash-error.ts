import { uniqueness, type ScimError } from "../scim/error.ts";

const DETAILS = {
  userName: "A user with this userName already exists.",
  emails:
    "Another user already has this email address. In this tenant each address belongs to one person (setting uniqueEmail).",
  displayName: "A group with this displayName already exists.",
  id: "A resource with this id already exists.",
  unique:
    "Another resource has the same value in an attribute that the tenant's schema declares unique.",
} as const;

/** 409 that names the attribute: RFC 7644 §3.3; clients such as authentik fail without the scimType. */
export const clash = (attribute: keyof typeof DETAILS): ScimError => uniqueness(DETAILS[attribute]);
