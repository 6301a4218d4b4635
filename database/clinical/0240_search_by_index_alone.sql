-- A search asks for a token and is answered with patients, held to the clinics that the caller reads: with the clinic in the index it is
-- answered there, and a beginning of a name that hundreds share no longer visits hundreds of the table's pages.
ALTER TABLE clinical.patient_search_tokens
  DROP CONSTRAINT patient_search_tokens_pkey,
  ADD CONSTRAINT patient_search_tokens_pkey PRIMARY KEY (tenant_id, token, patient_id) INCLUDE (clinic_id);
