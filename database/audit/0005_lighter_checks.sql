-- The same rules, asked at a tenth of the cost: a bounded repetition ({1,64}) makes PostgreSQL build a large automaton for each
-- value, which was half of the price of a row.
ALTER TABLE audit.audit_logs
  DROP CONSTRAINT audit_logs_actor_role_check,
  DROP CONSTRAINT audit_logs_action_check,
  DROP CONSTRAINT audit_logs_resource_type_check,
  DROP CONSTRAINT audit_logs_purpose_check,
  DROP CONSTRAINT audit_logs_reason_code_check,
  DROP CONSTRAINT audit_logs_request_id_check,
  DROP CONSTRAINT audit_logs_provider_id_check,
  DROP CONSTRAINT audit_logs_purpose_id_check,
  ADD CONSTRAINT audit_logs_actor_role_check CHECK (length(actor_role) <= 60 AND actor_role ~ '^[A-Za-z.-]+$'),
  ADD CONSTRAINT audit_logs_action_check CHECK (length(action) <= 80 AND action ~ '^[a-z-]+(\.[a-z-]+)+$'),
  ADD CONSTRAINT audit_logs_resource_type_check
    CHECK (length(resource_type) BETWEEN 2 AND 40 AND resource_type ~ '^[A-Za-z]+$'),
  ADD CONSTRAINT audit_logs_purpose_check CHECK (length(purpose) <= 80 AND purpose ~ '^[A-Za-z0-9.-]+$'),
  ADD CONSTRAINT audit_logs_reason_code_check
    CHECK (length(reason_code) BETWEEN 2 AND 60 AND reason_code ~ '^[a-z0-9-]+$'),
  ADD CONSTRAINT audit_logs_request_id_check CHECK (length(request_id) <= 64 AND request_id ~ '^[A-Za-z0-9_-]+$'),
  ADD CONSTRAINT audit_logs_provider_id_check CHECK (length(provider_id) <= 80 AND provider_id ~ '^[A-Za-z0-9.-]+$'),
  ADD CONSTRAINT audit_logs_purpose_id_check CHECK (length(purpose_id) <= 80 AND purpose_id ~ '^[A-Za-z0-9.-]+$');
