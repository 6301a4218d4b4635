-- An invitation is the way to the first password of an account: it is over once there is one, however that was set. Unlike a
-- link, which replaces a password, a newer one ends it.
ALTER TABLE identity.recoveries DROP CONSTRAINT recoveries_kind_check;
ALTER TABLE identity.recoveries
  ADD CONSTRAINT recoveries_kind_check CHECK (kind IN ('link', 'approval', 'invitation'));
COMMENT ON TABLE identity.recoveries IS 'Ways into an account: an invitation to its first password, a link sent to the person''s address, or an administrator''s approval, which works only after a cooling period.';
