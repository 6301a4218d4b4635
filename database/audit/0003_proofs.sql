-- What proves the log: leaf order (audit_leaves), signed checkpoints, and who may read them.

-- Signed checkpoints, at most one a minute, beside the published ones: the text is a C2SP signed note.
CREATE TABLE audit.checkpoints (
  tree_size bigint PRIMARY KEY CHECK (tree_size > 0),
  signed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  note text NOT NULL CHECK (length(note) BETWEEN 100 AND 16384),
  -- Every row of an older transaction has its leaf below tree_size: where a sequencer that starts again takes up.
  horizon xid8 NOT NULL
);
SELECT cordon.classify_columns('audit.checkpoints', 'auditLogEntry', '{tree_size,signed_at,note,horizon}');
SELECT audit.make_append_only('audit.checkpoints');
GRANT SELECT, INSERT ON audit.checkpoints TO sequencer;
CREATE POLICY sequencer_keeps ON audit.checkpoints FOR ALL TO sequencer USING (true) WITH CHECK (true);

-- Who reads the log of a tenant reads the leaves of its rows, and the checkpoints, which name nobody.
CREATE POLICY one_tenant ON audit.audit_leaves FOR SELECT TO audit_reader
  USING ((SELECT cordon.tenant_id()) IS NOT NULL
    AND EXISTS (SELECT FROM audit.audit_logs a WHERE a.at = entry_at AND a.id = entry_id));
CREATE POLICY any_tenant ON audit.checkpoints FOR SELECT TO audit_reader
  USING ((SELECT cordon.tenant_id()) IS NOT NULL);
GRANT SELECT ON audit.audit_leaves, audit.checkpoints TO audit_reader;

-- `cordon audit verify` reads everything and writes nothing: entries of all tenants are one tree.
GRANT SELECT ON audit.audit_logs, audit.audit_leaves, audit.checkpoints TO audit_verifier;
CREATE POLICY verifier_reads ON audit.audit_logs FOR SELECT TO audit_verifier USING (true);
CREATE POLICY verifier_reads ON audit.audit_leaves FOR SELECT TO audit_verifier USING (true);
CREATE POLICY verifier_reads ON audit.checkpoints FOR SELECT TO audit_verifier USING (true);
