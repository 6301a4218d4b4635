-- Where a clinic answers the telephone, as it prints the number on its door: patients are shown it in the chat and beside emergency
-- advice. It is the clinic's own and tells of nobody; its form leaves room for a number of at most 15 digits (ITU-T E.164) and nothing else.
ALTER TABLE clinical.clinics
  ADD COLUMN telephone text
    CHECK (telephone ~ '^\+?[0-9][0-9 ()-]{4,28}[0-9]$' AND length(translate(telephone, '+ ()-', '')) <= 15);
SELECT cordon.classify_columns('clinical.clinics', 'portalAccount',
  '{tenant_id,id,slug,state,alert_timeout,created_at,keeps_form_pictures,red_flags,telephone}');
GRANT UPDATE (telephone) ON clinical.clinics TO engine_clinical;
