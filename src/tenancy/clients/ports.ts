import type { Change } from "../../journal/change.ts";
import type { NewCredential } from "../credential.ts";
import type { Page, PageRequest } from "../ports.ts";
import type { Client, ClientWithSecrets } from "./client.ts";

/**
 * The OAuth clients of one tenant. Every change but an access token comes with its row in the journal, in one
 * transaction. A secret that is not revoked belongs to a client that is not: what is added meets the fence, and
 * revocations raise the epoch.
 */
export interface ClientStore {
  /** A new client with its first secret. */
  create(client: Client, secret: NewCredential, entry: Change): Promise<void>;
  /** In the order of their making; without those that are revoked. */
  list(page: PageRequest): Promise<Page<ClientWithSecrets>>;
  /** Undefined also for a revoked one. */
  find(id: string): Promise<ClientWithSecrets | undefined>;
  addSecret(secret: NewCredential, entry: Change): Promise<void>;
  /** With all its secrets and access tokens, from the next request on. Revoking again changes nothing. */
  revoke(id: string, entry: Change): Promise<"revoked" | "unknown">;
  /** With the access tokens that were given for it. `unknown` also for a secret of another client. */
  revokeSecret(clientId: string, secretId: string, entry: Change): Promise<"revoked" | "unknown">;
  /** Stores an access token. They come by the hour, so that the journal does not name each. */
  grant(access: NewCredential): Promise<void>;
}
