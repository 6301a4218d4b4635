-- A list that names neither clinic nor patient is one of all that the caller sees in the tenant, in the order of a time. Without an
-- index in that order it was made by reading and sorting every row of the tenant, seen or not.
CREATE INDEX appointments_of_tenant ON clinical.appointments (tenant_id, starts_at, id);
CREATE INDEX treatment_plans_of_tenant ON clinical.treatment_plans (tenant_id, created_at DESC, id DESC);
CREATE INDEX clinical_records_of_tenant ON clinical.clinical_records (tenant_id, recorded_at DESC, id DESC);
CREATE INDEX billing_records_of_tenant ON clinical.billing_records (tenant_id, created_at DESC, id DESC);
CREATE INDEX consent_records_of_tenant ON clinical.consent_records (tenant_id, recorded_at DESC, id DESC);
CREATE INDEX chat_transcripts_of_tenant ON clinical.chat_transcripts (tenant_id, started_at DESC, id DESC);
CREATE INDEX alerts_of_tenant ON clinical.alerts (tenant_id, created_at DESC, id DESC);
CREATE INDEX break_glass_grants_of_tenant ON clinical.break_glass_grants (tenant_id, granted_at DESC, id DESC);
