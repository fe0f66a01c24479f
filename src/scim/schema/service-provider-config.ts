import type { Attribute, Schema } from "./attribute.ts";
import { defineReadOnly } from "./define-read-only.ts";

const SUPPORTED = defineReadOnly("supported", "boolean", "Whether the feature is supported.", {
  required: true,
});

const feature = (name: string, description: string, ...details: Attribute[]) =>
  defineReadOnly(name, "complex", description, {
    required: true,
    subAttributes: [SUPPORTED, ...details],
  });

/** RFC 9865 §4. */
const PAGINATION = defineReadOnly("pagination", "complex", "How a long list is read in pages.", {
  subAttributes: [
    defineReadOnly("cursor", "boolean", "Whether pages can be asked for by cursor.", {
      required: true,
    }),
    defineReadOnly("index", "boolean", "Whether pages can be asked for by index.", {
      required: true,
    }),
    defineReadOnly(
      "defaultPaginationMethod",
      "string",
      "How a list is paged when the request asks for neither.",
      { canonicalValues: ["cursor", "index"] },
    ),
    defineReadOnly("defaultPageSize", "integer", "The size of a page when the request has none."),
    defineReadOnly("maxPageSize", "integer", "The largest size of a page."),
    defineReadOnly("cursorTimeout", "integer", "How many seconds a cursor is good for at least."),
  ],
});

/** RFC 7643 §5, extended by RFC 9865 §4. */
export const SERVICE_PROVIDER_CONFIG_SCHEMA: Schema = {
  id: "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig",
  name: "ServiceProviderConfig",
  description: "What this server supports.",
  attributes: [
    defineReadOnly(
      "documentationUri",
      "reference",
      "The URL of the documentation for administrators.",
      {
        referenceTypes: ["external"],
      },
    ),
    feature("patch", "Changes of single attributes."),
    feature(
      "bulk",
      "Many operations in one request.",
      defineReadOnly(
        "maxOperations",
        "integer",
        "The largest number of operations in one request.",
        {
          required: true,
        },
      ),
      defineReadOnly("maxPayloadSize", "integer", "The largest size of one request in bytes.", {
        required: true,
      }),
    ),
    feature(
      "filter",
      "Lists of the resources that fulfil a condition.",
      defineReadOnly("maxResults", "integer", "The largest number of resources in one answer.", {
        required: true,
      }),
    ),
    feature("changePassword", "Changes of passwords."),
    feature("sort", "Lists in the order of an attribute."),
    feature("etag", "Entity tags of resources and conditional requests."),
    PAGINATION,
    defineReadOnly(
      "authenticationSchemes",
      "complex",
      "The ways in which a client can authenticate.",
      {
        multiValued: true,
        required: true,
        subAttributes: [
          defineReadOnly("type", "string", "The kind of the scheme.", {
            required: true,
            canonicalValues: ["oauth", "oauth2", "oauthbearertoken", "httpbasic", "httpdigest"],
          }),
          defineReadOnly("name", "string", "The name of the scheme.", { required: true }),
          defineReadOnly("description", "string", "How the scheme is used.", { required: true }),
          defineReadOnly("specUri", "reference", "The URL of the specification of the scheme.", {
            referenceTypes: ["external"],
          }),
          defineReadOnly(
            "documentationUri",
            "reference",
            "The URL of the documentation of the scheme.",
            {
              referenceTypes: ["external"],
            },
          ),
          defineReadOnly("primary", "boolean", "Marks the preferred scheme."),
        ],
      },
    ),
  ],
};
