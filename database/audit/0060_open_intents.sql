-- Intents are few among the entries, and are looked through for those that nothing followed.
CREATE INDEX audit_logs_intents ON audit.audit_logs (tenant_id, at) WHERE outcome = 'intent';
