import { CURSOR_TTL_SECONDS } from "./list/cursor.ts";
import type { JsonObject } from "./json.ts";
import { DEFAULT_COUNT, MAX_COUNT } from "./list/list-query.ts";
import type { Attribute, ResourceType, Schema } from "./schema/attribute.ts";
import { RESOURCE_TYPE_SCHEMA } from "./schema/resource-type.ts";
import { SCHEMA_SCHEMA } from "./schema/schema.ts";
import { SERVICE_PROVIDER_CONFIG_SCHEMA } from "./schema/service-provider-config.ts";

/** What can differ from one stage of the server to the next, or from tenant to tenant. */
export interface ServerFeatures {
  readonly bulk: {
    readonly supported: boolean;
    readonly maxOperations: number;
    readonly maxPayloadSize: number;
  };
  readonly sort: boolean;
  readonly documentationUri?: string;
}

/** The document of RFC 7643 §5, with the `pagination` of RFC 9865 §4. Says only what is true, since clients choose their requests by it. */
export function serviceProviderConfig(features: ServerFeatures, baseUrl: string): JsonObject {
  const { bulk, sort, documentationUri } = features;
  return {
    schemas: [SERVICE_PROVIDER_CONFIG_SCHEMA.id],
    ...(documentationUri !== undefined && { documentationUri }),
    patch: { supported: true },
    bulk: {
      supported: bulk.supported,
      maxOperations: bulk.maxOperations,
      maxPayloadSize: bulk.maxPayloadSize,
    },
    filter: { supported: true, maxResults: MAX_COUNT },
    changePassword: { supported: false },
    sort: { supported: sort },
    etag: { supported: true },
    pagination: {
      cursor: true,
      index: true,
      defaultPaginationMethod: "index",
      defaultPageSize: DEFAULT_COUNT,
      maxPageSize: MAX_COUNT,
      cursorTimeout: CURSOR_TTL_SECONDS,
    },
    authenticationSchemes: [
      {
        type: "oauthbearertoken",
        name: "OAuth bearer token",
        description: "A token of the tenant in the Authorization header.",
        specUri: "https://www.rfc-editor.org/info/rfc6750",
        primary: true,
      },
    ],
    meta: { resourceType: "ServiceProviderConfig", location: `${baseUrl}/ServiceProviderConfig` },
  };
}

/** The document of RFC 7643 §6. */
export function resourceTypeDocument(type: ResourceType, baseUrl: string): JsonObject {
  return {
    schemas: [RESOURCE_TYPE_SCHEMA.id],
    id: type.name,
    name: type.name,
    description: type.description,
    endpoint: type.endpoint,
    schema: type.schema.id,
    schemaExtensions: type.schemaExtensions.map(({ schema, required }) => ({
      schema: schema.id,
      required,
    })),
    meta: {
      resourceType: "ResourceType",
      location: `${baseUrl}/ResourceTypes/${encodeURIComponent(type.name)}`,
    },
  };
}

/** The document of RFC 7643 §7, without null values: Entra does not read it otherwise. */
export function schemaDocument(schema: Schema, baseUrl: string): JsonObject {
  return {
    schemas: [SCHEMA_SCHEMA.id],
    id: schema.id,
    name: schema.name,
    description: schema.description,
    attributes: schema.attributes.map(attributeDocument),
    meta: { resourceType: "Schema", location: `${baseUrl}/Schemas/${schema.id}` },
  };
}

/**
 * Every schema that the server uses, each once: those of the resource types, then those of the discovery documents
 * (RFC 7643 §8.7.2).
 */
export function discoverableSchemas(types: readonly ResourceType[]): Schema[] {
  const ofTypes = types.flatMap((type) => [
    type.schema,
    ...type.schemaExtensions.map(({ schema }) => schema),
  ]);
  return [
    ...new Set([...ofTypes, SERVICE_PROVIDER_CONFIG_SCHEMA, RESOURCE_TYPE_SCHEMA, SCHEMA_SCHEMA]),
  ];
}

function attributeDocument(attribute: Attribute): JsonObject {
  const { canonicalValues, referenceTypes, subAttributes } = attribute;
  return {
    name: attribute.name,
    type: attribute.type,
    multiValued: attribute.multiValued,
    description: attribute.description,
    required: attribute.required,
    ...(canonicalValues && { canonicalValues: [...canonicalValues] }),
    caseExact: attribute.caseExact,
    mutability: attribute.mutability,
    returned: attribute.returned,
    uniqueness: attribute.uniqueness,
    ...(referenceTypes && { referenceTypes: [...referenceTypes] }),
    ...(subAttributes && { subAttributes: subAttributes.map(attributeDocument) }),
  };
}
