-- What an alert goes through: each state once, in the order in which its clinic's changes were committed.
ALTER TABLE clinical.alerts
  ADD COLUMN source text NOT NULL DEFAULT 'reception' CHECK (source IN ('reception', 'intake')),
  -- When it goes to the next clinician if nobody has taken it; the clinic's own time, as it was when the alert was raised.
  ADD COLUMN escalates_at timestamptz NOT NULL DEFAULT now() + interval '10 minutes',
  ADD COLUMN assigned_to uuid,
  ADD UNIQUE (tenant_id, id, patient_id, clinic_id);
CREATE INDEX alerts_due ON clinical.alerts (tenant_id, escalates_at) WHERE state IN ('PENDING', 'DELIVERED');
CREATE INDEX alerts_open ON clinical.alerts (tenant_id, clinic_id, created_at DESC) WHERE state <> 'ACKNOWLEDGED';

-- A number a clinic, raised in the transaction of each change: the lock on the row makes the order of the numbers the order
-- of the commits, so whoever has read up to a number has missed nothing below it. A sequence would not.
CREATE TABLE clinical.alert_sequences (
  tenant_id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  last bigint NOT NULL CHECK (last > 0),
  PRIMARY KEY (tenant_id, clinic_id),
  FOREIGN KEY (tenant_id, clinic_id) REFERENCES clinical.clinics (tenant_id, id)
);

-- The history of each alert, and what live consoles read.
CREATE TABLE clinical.alert_events (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  alert_id uuid NOT NULL,
  sequence bigint NOT NULL CHECK (sequence > 0),
  state text NOT NULL CHECK (state IN ('PENDING', 'DELIVERED', 'ACKNOWLEDGED', 'ESCALATED')),
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  -- No state is reached twice.
  UNIQUE (tenant_id, alert_id, state),
  FOREIGN KEY (tenant_id, alert_id, patient_id, clinic_id)
    REFERENCES clinical.alerts (tenant_id, id, patient_id, clinic_id) ON UPDATE CASCADE
);
CREATE INDEX alert_events_of_clinic ON clinical.alert_events (tenant_id, clinic_id, sequence);

-- What was sent out for an alert. The row is there before the message leaves: who finds it says that it repeats.
CREATE TABLE clinical.alert_notifications (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  alert_id uuid NOT NULL,
  reason text NOT NULL CHECK (reason IN ('raised', 'escalated')),
  attempts integer NOT NULL DEFAULT 1 CHECK (attempts > 0),
  sent_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, alert_id, reason),
  FOREIGN KEY (tenant_id, alert_id, patient_id, clinic_id)
    REFERENCES clinical.alerts (tenant_id, id, patient_id, clinic_id) ON UPDATE CASCADE
);

SELECT cordon.classify_columns('clinical.alerts', 'urgencyAlert',
  '{tenant_id,id,clinic_id,patient_id,state,urgency,created_by,acknowledged_by,key_id,created_at,delivered_at,acknowledged_at,escalated_at,source,escalates_at,assigned_to}');
SELECT cordon.classify_columns('clinical.alert_sequences', 'urgencyAlert', '{tenant_id,clinic_id,last}');
SELECT cordon.classify_columns('clinical.alert_events', 'urgencyAlert',
  '{tenant_id,id,clinic_id,patient_id,alert_id,sequence,state,at}');
SELECT cordon.classify_columns('clinical.alert_notifications', 'urgencyAlert',
  '{tenant_id,id,clinic_id,patient_id,alert_id,reason,attempts,sent_at}');

SELECT clinical.protect_patient_table('clinical.alert_events', 'urgencyAlert');
REVOKE UPDATE ON clinical.alert_events FROM engine_clinical, engine_jobs;
SELECT clinical.protect_for_jobs('clinical.alert_notifications');

SELECT clinical.protect_for_jobs('clinical.alert_sequences');
GRANT SELECT, INSERT, UPDATE ON clinical.alert_sequences TO engine_clinical;
CREATE POLICY staff_read ON clinical.alert_sequences FOR SELECT TO engine_clinical
  USING (tenant_id = (SELECT cordon.tenant_id())
    AND clinic_id = ANY ((SELECT clinical.staff_clinics('urgencyAlert', false))::uuid[]));
CREATE POLICY staff_create ON clinical.alert_sequences FOR INSERT TO engine_clinical
  WITH CHECK (tenant_id = (SELECT cordon.tenant_id())
    AND clinic_id = ANY ((SELECT clinical.staff_clinics('urgencyAlert', true))::uuid[]));
CREATE POLICY staff_change ON clinical.alert_sequences FOR UPDATE TO engine_clinical
  USING (tenant_id = (SELECT cordon.tenant_id())
    AND clinic_id = ANY ((SELECT clinical.staff_clinics('urgencyAlert', true))::uuid[]))
  WITH CHECK (tenant_id = (SELECT cordon.tenant_id())
    AND clinic_id = ANY ((SELECT clinical.staff_clinics('urgencyAlert', true))::uuid[]));
