const STYLE = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { margin: 0 auto; max-width: 46rem; padding: 2rem 1rem; }
  h1 { font-size: 1.5rem; }
  dt { font-weight: 600; margin-top: 1rem; }
  dd { margin: 0; }
  code, pre { font: 0.875rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
  pre { border: 1px solid; border-radius: 4px; overflow-x: auto; padding: 0.75rem; }
`;

/** Where an administrator lands: the addresses of this deployment, and how to get a tenant its token. */
export function LandingPage({ publicUrl }: { publicUrl: string }) {
  const api = `${publicUrl}/api/v1/admin`;
  const makeTenant = `curl -X POST ${api}/tenants \\
  -H "Authorization: Bearer $ADMIN_TOKEN" -H "Content-Type: application/json" \\
  -d '{"slug": "acme", "name": "Acme", "preset": "generic"}'`;
  const makeToken = `curl -X POST ${api}/tenants/acme/tokens \\
  -H "Authorization: Bearer $ADMIN_TOKEN" -H "Content-Type: application/json" \\
  -d '{"name": "Entra ID"}'`;
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>SCIM service provider</title>
        <style>{STYLE}</style>
      </head>
      <body>
        <h1>SCIM service provider</h1>
        <p>Identity providers send people and groups here. It is administered through an API.</p>
        <dl>
          <dt>Tenant URL, for your identity provider</dt>
          <dd>
            <code>{publicUrl}/api/v1/scim/v2</code>
          </dd>
          <dt>Administration</dt>
          <dd>
            <code>{api}</code>, described in <code>{api}/openapi.json</code>; both ask for the
            secret ADMIN_TOKEN.
          </dd>
        </dl>
        <h2>Make a tenant</h2>
        <pre>{makeTenant}</pre>
        <h2>Issue its token</h2>
        <pre>{makeToken}</pre>
        <p>The answer shows the token once. Paste it into your identity provider.</p>
      </body>
    </html>
  );
}
