-- What was proven with a password ends with it: a sign-in that is under way while the password is replaced, by whoever knew the
-- old one, goes no further.

ALTER TABLE identity.sign_ins ADD COLUMN password_set timestamptz;
COMMENT ON COLUMN identity.sign_ins.password_set IS 'class=portalAccount sensitivity=structural When the password that was given had been chosen: with another one nothing goes on.';

ALTER TABLE identity.token_families ADD COLUMN password_set timestamptz;
COMMENT ON COLUMN identity.token_families.password_set IS 'class=portalAccount sensitivity=structural When the password that the sign-in rests on had been chosen: the factor alone confirms nothing of an earlier one.';

UPDATE identity.sign_ins AS s SET password_set = a.password_changed_at FROM identity.accounts AS a WHERE a.id = s.account_id;
UPDATE identity.token_families AS f SET password_set = a.password_changed_at FROM identity.accounts AS a WHERE a.id = f.account_id;
