/** The words to go on with, once a deployment answers. */
export function whatNow(url: string): string {
  return `
  Console       ${url}/console
  Admin API     ${url}/api/v1/admin   (Authorization: Bearer, with ADMIN_TOKEN)
  Tenant URL    ${url}/api/v1/scim/v2

  The first tenant and its token:
    curl -X POST ${url}/api/v1/admin/tenants \\
      -H "Authorization: Bearer $ADMIN_TOKEN" -H "Content-Type: application/json" \\
      -d '{"slug":"acme","name":"Acme","preset":"generic"}'
    curl -X POST ${url}/api/v1/admin/tenants/acme/tokens \\
      -H "Authorization: Bearer $ADMIN_TOKEN" -H "Content-Type: application/json" \\
      -d '{"name":"Entra ID"}'

  Commit wrangler.toml: ids are no secrets. docs/deploy.md goes on from here.`;
}
