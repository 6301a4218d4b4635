-- Imaging assets as they are stored: each picture and each thumbnail is an object sealed under a key of its own, which is
-- ciphertext under the patient's data key. When that key is destroyed, no copy of the object opens again.
ALTER TABLE clinical.imaging_assets
  ADD COLUMN uploaded_by uuid NOT NULL,
  ADD COLUMN width integer NOT NULL CHECK (width BETWEEN 1 AND 15000),
  ADD COLUMN height integer NOT NULL CHECK (height BETWEEN 1 AND 15000),
  ADD COLUMN object_key cordon.ciphertext NOT NULL,
  ADD COLUMN thumbnail_object_id uuid,
  ADD COLUMN thumbnail_byte_length integer CHECK (thumbnail_byte_length > 0),
  ADD COLUMN thumbnail_key cordon.ciphertext,
  ADD CONSTRAINT thumbnail_whole CHECK (
    (thumbnail_object_id IS NULL) = (thumbnail_key IS NULL) AND (thumbnail_object_id IS NULL) = (thumbnail_byte_length IS NULL)),
  ADD UNIQUE (tenant_id, object_id);
SELECT cordon.classify_columns('clinical.imaging_assets', 'imagingAsset',
  '{tenant_id,id,clinic_id,patient_id,object_id,media_type,byte_length,state,key_id,created_at,uploaded_by,width,height,thumbnail_object_id,thumbnail_byte_length}');
