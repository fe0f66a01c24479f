/**
 * The group changed while its members were read page by page: what was read before and what is there now are not
 * parts of one membership. Nothing was written; whoever reads begins anew.
 */
export class MembersChanged extends Error {
  override readonly name = "MembersChanged";

  constructor() {
    super("The group changed while its members were read.");
  }
}
