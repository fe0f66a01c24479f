import type { Attribute, Schema } from "./attribute.ts";
import { EXTERNAL_ID } from "./common-attributes.ts";
import {
  defineAttribute,
  definePluralAttribute,
  labelAttribute,
  PRIMARY,
} from "./define-attribute.ts";

const PLACES = ["work", "home", "other"];

const NAME = defineAttribute("name", "complex", "The parts of the person's name.", {
  subAttributes: [
    defineAttribute(
      "formatted",
      "string",
      "The whole name with all its parts, as it should be displayed.",
    ),
    defineAttribute("familyName", "string", "The family name, or last name."),
    defineAttribute("givenName", "string", "The given name, or first name."),
    defineAttribute("middleName", "string", "The middle name or names."),
    defineAttribute("honorificPrefix", "string", "What stands before the name, such as a title."),
    defineAttribute(
      "honorificSuffix",
      "string",
      "What stands behind the name, such as a generation.",
    ),
  ],
});

const ADDRESSES = defineAttribute("addresses", "complex", "Postal addresses of the person.", {
  multiValued: true,
  subAttributes: [
    defineAttribute("formatted", "string", "The whole address as it is written on an envelope."),
    defineAttribute(
      "streetAddress",
      "string",
      "Street, house number, apartment. It may have several lines.",
    ),
    defineAttribute("locality", "string", "The city or town."),
    defineAttribute("region", "string", "The state, province or region."),
    defineAttribute("postalCode", "string", "The postal code."),
    defineAttribute(
      "country",
      "string",
      "The country, as a two-letter code of ISO 3166-1 where the client sends one.",
    ),
    labelAttribute(PLACES),
    PRIMARY,
  ],
});

/** RFC 7643 §4.1.2: computed from the groups, so that nothing a client sends here is used. */
export const GROUPS: Attribute = defineAttribute(
  "groups",
  "complex",
  "The groups that the person is a member of.",
  {
    multiValued: true,
    mutability: "readOnly",
    subAttributes: [
      defineAttribute("value", "string", "The id of the group.", {
        caseExact: true,
        mutability: "readOnly",
      }),
      defineAttribute("$ref", "reference", "The URL of the group.", {
        mutability: "readOnly",
        referenceTypes: ["Group"],
      }),
      defineAttribute("display", "string", "The display name of the group.", {
        mutability: "readOnly",
      }),
      defineAttribute(
        "type",
        "string",
        "Whether the membership is direct or through another group.",
        {
          mutability: "readOnly",
          canonicalValues: ["direct", "indirect"],
        },
      ),
    ],
  },
);

/** RFC 7643 §4.1. */
export const USER_SCHEMA: Schema = {
  id: "urn:ietf:params:scim:schemas:core:2.0:User",
  name: "User",
  description: "A person's account.",
  attributes: [
    // §3.1 lets a schema list a common attribute. Entra's gallery validation looks for every mapped one here.
    EXTERNAL_ID,
    defineAttribute(
      "userName",
      "string",
      "The name that identifies the person, unique within the tenant.",
      {
        required: true,
        uniqueness: "server",
      },
    ),
    NAME,
    defineAttribute("displayName", "string", "The name of the person, ready to be shown."),
    defineAttribute("nickName", "string", "The informal name by which the person is called."),
    defineAttribute("profileUrl", "reference", "The URL of a page about the person.", {
      referenceTypes: ["external"],
    }),
    defineAttribute("title", "string", "The person's job title."),
    defineAttribute(
      "userType",
      "string",
      "The relation between the organization and the person, such as Employee.",
    ),
    defineAttribute(
      "preferredLanguage",
      "string",
      "The person's languages, in the form of an Accept-Language header.",
    ),
    defineAttribute(
      "locale",
      "string",
      "The language tag that decides how dates, numbers and money are shown.",
    ),
    defineAttribute(
      "timezone",
      "string",
      "The person's time zone, as a name of the IANA database.",
    ),
    defineAttribute("active", "boolean", "Whether the person may use the service."),
    defineAttribute(
      "password",
      "string",
      "Accepted from clients that insist on it, and never stored or returned.",
      {
        caseExact: true,
        mutability: "writeOnly",
        returned: "never",
      },
    ),
    definePluralAttribute({
      name: "emails",
      description: "Email addresses of the person.",
      value: defineAttribute("value", "string", "The email address."),
      types: PLACES,
    }),
    definePluralAttribute({
      name: "phoneNumbers",
      description: "Telephone numbers of the person, kept as they were sent.",
      value: defineAttribute("value", "string", "The telephone number."),
      types: ["work", "home", "mobile", "fax", "pager", "other"],
    }),
    definePluralAttribute({
      name: "ims",
      description: "Instant messaging addresses of the person.",
      value: defineAttribute("value", "string", "The instant messaging address."),
      types: ["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"],
    }),
    definePluralAttribute({
      name: "photos",
      description: "URLs of pictures of the person.",
      value: defineAttribute("value", "reference", "The URL of the picture.", {
        referenceTypes: ["external"],
      }),
      types: ["photo", "thumbnail"],
    }),
    ADDRESSES,
    GROUPS,
    definePluralAttribute({
      name: "entitlements",
      description: "Things that the person has or may use.",
      value: defineAttribute("value", "string", "The entitlement."),
    }),
    definePluralAttribute({
      name: "roles",
      description: "Roles that the person has.",
      value: defineAttribute("value", "string", "The role."),
    }),
    definePluralAttribute({
      name: "x509Certificates",
      description: "Certificates issued to the person.",
      value: defineAttribute("value", "binary", "The DER form of the certificate in base64."),
    }),
  ],
};
