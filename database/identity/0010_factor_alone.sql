-- Whoever is signed in at the provider in this browser confirms with the factor alone, while the password is not too old.

ALTER TABLE identity.token_families ADD COLUMN password_at timestamptz;
COMMENT ON COLUMN identity.token_families.password_at IS 'class=portalAccount sensitivity=structural When the password that the sign-in rests on was given; NULL: not known, and the factor alone confirms nothing.';

ALTER TABLE identity.sign_ins ADD COLUMN confirms_sid uuid;
COMMENT ON COLUMN identity.sign_ins.confirms_sid IS 'class=portalAccount sensitivity=structural The live sign-in that this one confirms with the factor alone; it ends with that one.';
