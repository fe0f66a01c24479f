import { sql, type SQL } from "drizzle-orm";

/**
 * The credentials that an identity provider holds. Their uses are those of SCIM: an access token notes its own at
 * its secret, and is left out with the index that does not hold it, since there may be thousands.
 */
export const OF_SCIM: SQL = sql`kind <> 'access' AND kind IN ('token', 'client-secret')`;
