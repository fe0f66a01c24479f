import type { AttributeChange } from "../journal/change.ts";
import { diffDocuments } from "../journal/diff-documents.ts";
import type { JsonObject } from "../scim/json.ts";
import type { ResourceType } from "../scim/schema/attribute.ts";
import { isHidden } from "./is-hidden.ts";

/** What the journal is told of a change of a document: hidden attributes by their names alone. */
export const toldDiff = (
  type: ResourceType,
  before: JsonObject,
  after: JsonObject,
): AttributeChange[] =>
  diffDocuments(before, after).map((change) =>
    isHidden(type, change.attribute) ? { attribute: change.attribute, cut: true } : change,
  );
