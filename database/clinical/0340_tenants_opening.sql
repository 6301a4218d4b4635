-- A tenant whose first clinic and administrator are being added: its id and name are taken, and nobody can sign in there yet. A
-- command that was killed is taken up under the same id, and the intents it left in the audit log have a tenant to be settled in.
ALTER TABLE clinical.tenants DROP CONSTRAINT tenants_state_check;
ALTER TABLE clinical.tenants
  ADD CONSTRAINT tenants_state_check CHECK (state IN ('opening', 'active', 'closing', 'closed'));
