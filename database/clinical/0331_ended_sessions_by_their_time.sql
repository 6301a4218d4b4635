-- Engines read what was recorded since they last looked, however many sessions have ended, and never a part of the list alone.
ALTER TABLE clinical.revoked_sessions ADD COLUMN recorded_at timestamptz NOT NULL DEFAULT now();
SELECT cordon.classify_columns('clinical.revoked_sessions', 'portalAccount', '{sid_hash,until,recorded_at}');
CREATE INDEX revoked_sessions_recorded ON clinical.revoked_sessions (recorded_at);
CREATE INDEX revoked_sessions_over ON clinical.revoked_sessions (until);
