export const SCOPES = ["users:read", "users:write", "groups:read", "groups:write"] as const;
export type Scope = (typeof SCOPES)[number];
