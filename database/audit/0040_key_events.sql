-- The vault is held against what the log says of destroyed keys, at each start: by an index, whatever the log's size.
CREATE INDEX audit_logs_key_events ON audit.audit_logs (tenant_id, action, id) WHERE action IN ('key.destroyed', 'key.rotated');
