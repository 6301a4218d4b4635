-- Browser sessions of the console and the portal: one schema each, which only the login role of the same name can use.
-- The cookie's value is kept as a hash and the tokens encrypted under a key that only the app's server holds, so
-- that neither a copy of the store nor the other app can use a session.

CREATE SCHEMA console_sessions;
GRANT USAGE ON SCHEMA console_sessions TO console_sessions;

CREATE TABLE console_sessions.browser_sessions (
  id_hash             bytea PRIMARY KEY CHECK (length(id_hash) = 32),
  payload             bytea NOT NULL CHECK (length(payload) <= 32768),
  key_id              text NOT NULL CHECK (length(key_id) <= 64),
  generation          integer NOT NULL DEFAULT 0 CHECK (generation >= 0),
  sid_hash            bytea CHECK (length(sid_hash) = 32),
  subject_hash        bytea NOT NULL CHECK (length(subject_hash) = 32),
  created_at          timestamptz NOT NULL DEFAULT now(),
  last_seen_at        timestamptz NOT NULL DEFAULT now(),
  idle_expires_at     timestamptz NOT NULL,
  absolute_expires_at timestamptz NOT NULL,
  refreshing_by       uuid,
  refreshing_until    timestamptz,
  CHECK (idle_expires_at <= absolute_expires_at),
  CHECK ((refreshing_by IS NULL) = (refreshing_until IS NULL))
);
CREATE INDEX console_sessions_by_sid ON console_sessions.browser_sessions (sid_hash) WHERE sid_hash IS NOT NULL;
CREATE INDEX console_sessions_by_subject ON console_sessions.browser_sessions (subject_hash);
CREATE INDEX console_sessions_by_expiry ON console_sessions.browser_sessions (idle_expires_at);
COMMENT ON TABLE console_sessions.browser_sessions IS 'Signed-in browsers of staff. A row that is past either expiry counts for nothing, swept or not.';
COMMENT ON COLUMN console_sessions.browser_sessions.id_hash IS 'class=portalAccount sensitivity=structural SHA-256 of the 256-bit random value in the browser''s cookie; the value itself is kept nowhere.';
COMMENT ON COLUMN console_sessions.browser_sessions.payload IS 'class=portalAccount sensitivity=structural Compact JWE (dir, A256GCM) of the tokens under the app''s session key, bound to id_hash. Tokens hold ids only.';
COMMENT ON COLUMN console_sessions.browser_sessions.key_id IS 'class=portalAccount sensitivity=structural Which session key encrypts the payload.';
COMMENT ON COLUMN console_sessions.browser_sessions.generation IS 'class=portalAccount sensitivity=structural Counts the refreshes: a change made for an older generation does not apply.';
COMMENT ON COLUMN console_sessions.browser_sessions.sid_hash IS 'class=portalAccount sensitivity=structural HMAC of the provider''s session id: finds the sessions that a back-channel logout names.';
COMMENT ON COLUMN console_sessions.browser_sessions.subject_hash IS 'class=portalAccount sensitivity=structural HMAC of the account id: finds all sessions of one person.';
COMMENT ON COLUMN console_sessions.browser_sessions.created_at IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN console_sessions.browser_sessions.last_seen_at IS 'class=portalAccount sensitivity=structural The last request that counts as activity, to within a few seconds.';
COMMENT ON COLUMN console_sessions.browser_sessions.idle_expires_at IS 'class=portalAccount sensitivity=structural After this the session is over, unless there is activity before.';
COMMENT ON COLUMN console_sessions.browser_sessions.absolute_expires_at IS 'class=portalAccount sensitivity=structural After this the session is over, whatever happens before.';
COMMENT ON COLUMN console_sessions.browser_sessions.refreshing_by IS 'class=portalAccount sensitivity=structural Random id of the one server process that is refreshing the tokens now.';
COMMENT ON COLUMN console_sessions.browser_sessions.refreshing_until IS 'class=portalAccount sensitivity=structural When its turn runs out, should that process have died.';
GRANT SELECT, INSERT, UPDATE, DELETE ON console_sessions.browser_sessions TO console_sessions;

CREATE SCHEMA portal_sessions;
GRANT USAGE ON SCHEMA portal_sessions TO portal_sessions;

CREATE TABLE portal_sessions.browser_sessions (
  id_hash             bytea PRIMARY KEY CHECK (length(id_hash) = 32),
  payload             bytea NOT NULL CHECK (length(payload) <= 32768),
  key_id              text NOT NULL CHECK (length(key_id) <= 64),
  generation          integer NOT NULL DEFAULT 0 CHECK (generation >= 0),
  sid_hash            bytea CHECK (length(sid_hash) = 32),
  subject_hash        bytea NOT NULL CHECK (length(subject_hash) = 32),
  created_at          timestamptz NOT NULL DEFAULT now(),
  last_seen_at        timestamptz NOT NULL DEFAULT now(),
  idle_expires_at     timestamptz NOT NULL,
  absolute_expires_at timestamptz NOT NULL,
  refreshing_by       uuid,
  refreshing_until    timestamptz,
  CHECK (idle_expires_at <= absolute_expires_at),
  CHECK ((refreshing_by IS NULL) = (refreshing_until IS NULL))
);
CREATE INDEX portal_sessions_by_sid ON portal_sessions.browser_sessions (sid_hash) WHERE sid_hash IS NOT NULL;
CREATE INDEX portal_sessions_by_subject ON portal_sessions.browser_sessions (subject_hash);
CREATE INDEX portal_sessions_by_expiry ON portal_sessions.browser_sessions (idle_expires_at);
COMMENT ON TABLE portal_sessions.browser_sessions IS 'Signed-in browsers of patients. A row that is past either expiry counts for nothing, swept or not.';
COMMENT ON COLUMN portal_sessions.browser_sessions.id_hash IS 'class=portalAccount sensitivity=structural SHA-256 of the 256-bit random value in the browser''s cookie; the value itself is kept nowhere.';
COMMENT ON COLUMN portal_sessions.browser_sessions.payload IS 'class=portalAccount sensitivity=structural Compact JWE (dir, A256GCM) of the tokens under the app''s session key, bound to id_hash. Tokens hold ids only.';
COMMENT ON COLUMN portal_sessions.browser_sessions.key_id IS 'class=portalAccount sensitivity=structural Which session key encrypts the payload.';
COMMENT ON COLUMN portal_sessions.browser_sessions.generation IS 'class=portalAccount sensitivity=structural Counts the refreshes: a change made for an older generation does not apply.';
COMMENT ON COLUMN portal_sessions.browser_sessions.sid_hash IS 'class=portalAccount sensitivity=structural HMAC of the provider''s session id: finds the sessions that a back-channel logout names.';
COMMENT ON COLUMN portal_sessions.browser_sessions.subject_hash IS 'class=portalAccount sensitivity=structural HMAC of the account id: finds all sessions of one person.';
COMMENT ON COLUMN portal_sessions.browser_sessions.created_at IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN portal_sessions.browser_sessions.last_seen_at IS 'class=portalAccount sensitivity=structural The last request that counts as activity, to within a few seconds.';
COMMENT ON COLUMN portal_sessions.browser_sessions.idle_expires_at IS 'class=portalAccount sensitivity=structural After this the session is over, unless there is activity before.';
COMMENT ON COLUMN portal_sessions.browser_sessions.absolute_expires_at IS 'class=portalAccount sensitivity=structural After this the session is over, whatever happens before.';
COMMENT ON COLUMN portal_sessions.browser_sessions.refreshing_by IS 'class=portalAccount sensitivity=structural Random id of the one server process that is refreshing the tokens now.';
COMMENT ON COLUMN portal_sessions.browser_sessions.refreshing_until IS 'class=portalAccount sensitivity=structural When its turn runs out, should that process have died.';
GRANT SELECT, INSERT, UPDATE, DELETE ON portal_sessions.browser_sessions TO portal_sessions;
