-- The words of an intake form that raise an alert at once: a clinic's own, and to begin with those that send people with
-- trouble of the mouth to an emergency department (NHS, "How can I access an NHS dentist in an emergency or out of hours?").
-- They are a clinic's choice and tell of nobody; their form leaves no room for more than a few words of small letters.
ALTER TABLE clinical.clinics
  ADD COLUMN red_flags text[] NOT NULL DEFAULT '{difficulty breathing,trouble breathing,cannot breathe,short of breath,
    difficulty swallowing,trouble swallowing,cannot swallow,facial swelling,swollen face,swollen neck,swollen throat,
    swollen eye,heavy bleeding,uncontrolled bleeding,will not stop bleeding,knocked out tooth,chest pain,anaphylaxis}'
    CHECK (cardinality(red_flags) <= 50 AND array_position(red_flags, NULL) IS NULL
      AND array_to_string(red_flags, '|') ~ '^([a-z][a-z ]{1,38}[a-z](\|[a-z][a-z ]{1,38}[a-z])*)?$');
SELECT cordon.classify_columns('clinical.clinics', 'portalAccount',
  '{tenant_id,id,slug,state,alert_timeout,created_at,keeps_form_pictures,red_flags}');
GRANT UPDATE (red_flags) ON clinical.clinics TO engine_clinical;
