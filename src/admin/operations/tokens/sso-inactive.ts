import type { Refusal } from "../../operation.ts";

/** People who were provisioned now could not sign in (a product may promise single sign-on first). */
export const ssoInactive: Refusal = {
  kind: "conflict",
  detail:
    "This tenant requires single sign-on, and it is not active yet. Set up single sign-on, set ssoActive to true, then issue the token.",
};
