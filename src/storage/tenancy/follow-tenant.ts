import { StorageUnavailable } from "../../tenancy/unavailable.ts";

const ATTEMPTS = 3;

/**
 * Asks the control database where a tenant lives, and then the database that it names. A tenant may move between
 * the two questions, and its old place forgets it: that nothing is there counts only as long as the tenant has
 * still that place. A false "unknown" would make an identity provider give the token up.
 */
export async function followTenant<Place extends { readonly database: string }, Found>(
  whereIs: () => Promise<Place | undefined>,
  lookIn: (place: Place) => Promise<Found | undefined> | Found | undefined,
): Promise<{ place: Place; found: Found } | undefined> {
  let place = await whereIs();
  for (let attempt = 1; place; attempt++) {
    const found = await lookIn(place);
    if (found !== undefined) return { place, found };
    if (attempt === ATTEMPTS) throw new StorageUnavailable(1);
    const now = await whereIs();
    if (now?.database === place.database) return undefined;
    place = now;
  }
  return undefined;
}
