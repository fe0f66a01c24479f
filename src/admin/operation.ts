import * as z from "zod/mini";

import type { AdminPrincipal } from "../tenancy/admin-principal.ts";
import { TenantMoving } from "../tenancy/tenant-moving.ts";
import { acceptedFile } from "./accepted-file.ts";
import type { AdminDeps } from "./admin-deps.ts";
import { type FieldError, fieldErrors, messageOf } from "./field-errors.ts";
import { type OperationId, PERMISSIONS } from "./permissions.ts";
import { noSuchTenant } from "./operations/tenant-params.ts";

/** Why an operation did not happen. */
export type Refusal =
  | { readonly kind: "forbidden"; readonly detail?: string }
  | { readonly kind: "not-found"; readonly detail: string }
  | { readonly kind: "conflict"; readonly detail: string }
  /** It was there, and is not kept any longer. */
  | { readonly kind: "gone"; readonly detail: string }
  | { readonly kind: "invalid"; readonly errors: readonly FieldError[] };

/** A file that is sent while it is made. */
export interface FileAnswer {
  readonly type: "text/csv" | "application/x-ndjson";
  readonly name: string;
  readonly content: ReadableStream<Uint8Array>;
}

export type Outcome<Answer> =
  | { readonly kind: "done"; readonly answer: Answer }
  | { readonly kind: "file"; readonly file: FileAnswer }
  | Refusal;

/** The media types that a body may have. One of CSV is read as the object `{csv: text}`. */
export type BodyType = "application/json" | "text/csv";

/** The whole of an operation as data, but for what it does: routes and documentation are made from this. */
export interface OperationFacts {
  /** Its name in the OpenAPI document and in the log. */
  readonly id: OperationId;
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** Below the base of the API, parameters in braces. */
  readonly path: string;
  readonly status: 200 | 201 | 202 | 204;
  /** The refusals that it has beside those that every operation has. */
  readonly refusals: readonly (404 | 409 | 410)[];
  readonly params: z.ZodMiniObject;
  readonly query: z.ZodMiniObject;
  /** `NO_INPUT`: it takes no body. */
  readonly body: z.ZodMiniObject;
  /** The media types of the body, and how many bytes each may have; without it JSON of up to 1 MiB. */
  readonly accepts?: Readonly<Partial<Record<BodyType, number>>>;
  /** The media type of the file that it answers instead of JSON. */
  readonly file?: FileAnswer["type"];
  /** Media types of files that it answers instead of JSON where the request accepts them rather. */
  readonly alsoAs?: readonly FileAnswer["type"][];
  /** `NO_ANSWER`, with status 204: it answers without a body. */
  readonly answer: z.ZodMiniType;
}

export const NO_INPUT = z.object({});
export const NO_ANSWER = z.undefined();

/** Who asks, for authorisation and for the journal. */
export interface Caller {
  readonly principal: AdminPrincipal;
  readonly requestId: string;
}

export interface OperationRequest {
  readonly caller: Caller;
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: unknown;
  readonly body: unknown;
  /** The request's `Accept`; without it JSON is answered. */
  readonly accept?: string | undefined;
}

/** One administrative operation: the API and the console are two ways to call `perform`. */
export interface OperationOf<Answer> extends OperationFacts {
  /** Authorises, validates, runs. Throws what the stores throw. */
  perform(request: OperationRequest, deps: AdminDeps): Promise<Outcome<Answer>>;
}
export type Operation = OperationOf<unknown>;

/** Makes an operation out of its facts and of what it does with valid input. All faults are told at once. */
export function defineOperation<const Facts extends OperationFacts>(
  facts: Facts,
  run: (
    input: {
      readonly params: z.output<Facts["params"]>;
      readonly query: z.output<Facts["query"]>;
      readonly body: z.output<Facts["body"]>;
      /** One of `alsoAs`; undefined: JSON. */
      readonly as: FileAnswer["type"] | undefined;
    },
    deps: AdminDeps,
    caller: Caller,
  ) => Promise<Outcome<z.input<Facts["answer"]>>>,
): OperationOf<z.input<Facts["answer"]>> {
  return {
    ...facts,
    async perform(request, deps) {
      const refusal = refusalFor(request.caller.principal, facts.id, request.params);
      if (refusal) return refusal;
      const params = parse<Facts["params"]>(facts.params, request.params);
      const query = parse<Facts["query"]>(facts.query, request.query);
      const body = parse<Facts["body"]>(facts.body, request.body);
      if (params.success && query.success && body.success) {
        const as = acceptedFile(request.accept, facts.alsoAs ?? []);
        const input = { params: params.data, query: query.data, body: body.data, as };
        return run(input, deps, request.caller).catch(whileMoving);
      }
      const faults = [params, query, body].flatMap((part) => part.error?.issues ?? []);
      return { kind: "invalid", errors: fieldErrors(faults) };
    },
  };
}

/**
 * Before anything of the request is looked at, so that the answer about another tenant is the same whether it is
 * there or not.
 */
function refusalFor(
  principal: AdminPrincipal,
  id: OperationId,
  params: Readonly<Record<string, unknown>>,
): Refusal | undefined {
  if (!PERMISSIONS[id].includes(principal.kind)) return { kind: "forbidden" };
  if (principal.kind === "operator" || !("slug" in params)) return undefined;
  return params["slug"] === principal.tenant.slug ? undefined : noSuchTenant;
}

/** Here and not in each operation, so that none can forget it. */
function whileMoving(error: unknown): Refusal {
  if (error instanceof TenantMoving) return { kind: "conflict", detail: error.message };
  throw error;
}

function parse<Schema extends z.ZodMiniType>(
  schema: Schema,
  value: unknown,
): z.core.util.SafeParseResult<z.output<Schema>> {
  return schema.safeParse(value, { error: messageOf });
}
