-- After a database was put back to an earlier time (docs/operate.md): run this on every database that was, before
-- anything else is changed. May be run twice.

-- What caches still hold was true at numbers that would be given out again: a token that was revoked, a tenant that
-- is gone. Far higher numbers meet none of them.
UPDATE tenant_states SET epoch = epoch + 1000000000 WHERE moving_to IS NULL;

INSERT INTO tenant_states (tenant_key, tenant_id, epoch, status, preset, overrides)
SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'tenant_states'), 0) + 1000000, 'restore', 0, 'suspended', 'generic', '{}';

DELETE FROM tenant_states WHERE tenant_id = 'restore';

-- For whoever reads the journal. Its numbers have no gaps, and those that the restore took away are given out again:
-- docs/consume.md says how a product notices.
INSERT INTO changes (tenant_key, seq, at, request_id, actor_kind, actor_id, actor_hint, operation, resource_type, resource_id, outcome, status, diff, reason)
SELECT tenant_key, coalesce((SELECT max(seq) FROM changes WHERE changes.tenant_key = tenant_states.tenant_key), 0) + 1, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), lower(hex(randomblob(16))), 'job', 'restore', 'restore', 'settings', 'Tenant', tenant_id, 'applied', 200, '[]', 'The database was put back to an earlier time. Read the whole directory anew.'
FROM tenant_states;
