-- Accounts, credentials, factors, and what the OpenID provider keeps. Who may work for which tenant is not here: the
-- engine owns memberships and is asked at each sign-in and each refresh.

CREATE SCHEMA identity;
GRANT USAGE ON SCHEMA identity TO identity_app;

CREATE TABLE identity.accounts (
  id                  uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  email               cordon.ciphertext NOT NULL,
  email_token         bytea NOT NULL UNIQUE CHECK (length(email_token) = 32),
  display_name        cordon.ciphertext NOT NULL,
  wrapped_key         bytea NOT NULL CHECK (length(wrapped_key) <= 1024),
  key_id              text NOT NULL,
  password_hash       text CHECK (password_hash LIKE '$argon2id$%' AND length(password_hash) <= 256),
  password_changed_at timestamptz,
  must_change_password boolean NOT NULL DEFAULT false,
  state               text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended', 'closed')),
  created_at          timestamptz NOT NULL DEFAULT now(),
  updated_at          timestamptz NOT NULL DEFAULT now(),
  CHECK ((password_hash IS NULL) = (password_changed_at IS NULL))
);
COMMENT ON TABLE identity.accounts IS 'People who can sign in. Contacts and names are ciphertext under a data key of the account.';
COMMENT ON COLUMN identity.accounts.id IS 'class=portalAccount sensitivity=structural The subject of every token.';
COMMENT ON COLUMN identity.accounts.email IS 'class=portalAccount sensitivity=phi';
COMMENT ON COLUMN identity.accounts.email_token IS 'class=portalAccount sensitivity=structural HMAC of the normalised address: finds an account without storing the address.';
COMMENT ON COLUMN identity.accounts.display_name IS 'class=portalAccount sensitivity=phi';
COMMENT ON COLUMN identity.accounts.wrapped_key IS 'class=portalAccount sensitivity=structural The account''s data key, wrapped by key management.';
COMMENT ON COLUMN identity.accounts.key_id IS 'class=portalAccount sensitivity=structural The key that wraps the data key.';
COMMENT ON COLUMN identity.accounts.password_hash IS 'class=portalAccount sensitivity=structural Argon2id in PHC form.';
COMMENT ON COLUMN identity.accounts.password_changed_at IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.accounts.must_change_password IS 'class=portalAccount sensitivity=structural Somebody else set the password: the next sign-in asks for a new one before anything else.';
COMMENT ON COLUMN identity.accounts.state IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.accounts.created_at IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.accounts.updated_at IS 'class=portalAccount sensitivity=structural';

CREATE TABLE identity.factors (
  id             uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  account_id     uuid NOT NULL REFERENCES identity.accounts ON DELETE CASCADE,
  kind           text NOT NULL CHECK (kind IN ('totp', 'webauthn', 'recovery')),
  secret         cordon.ciphertext,
  key_id         text,
  last_used_step bigint,
  enrolment_hash bytea CHECK (length(enrolment_hash) = 32),
  credential_id  bytea UNIQUE CHECK (length(credential_id) <= 1023),
  public_key     bytea CHECK (length(public_key) <= 2048),
  sign_count     bigint CHECK (sign_count >= 0),
  code_hash      bytea CHECK (length(code_hash) = 32),
  created_at     timestamptz NOT NULL DEFAULT now(),
  confirmed_at   timestamptz,
  used_at        timestamptz,
  revoked_at     timestamptz,
  CHECK ((secret IS NULL) = (key_id IS NULL)),
  CHECK (CASE kind
    WHEN 'totp' THEN secret IS NOT NULL AND credential_id IS NULL AND code_hash IS NULL
    WHEN 'webauthn' THEN credential_id IS NOT NULL AND public_key IS NOT NULL AND secret IS NULL AND code_hash IS NULL
    ELSE code_hash IS NOT NULL AND secret IS NULL AND credential_id IS NULL END)
);
CREATE INDEX factors_of_account ON identity.factors (account_id, kind) WHERE revoked_at IS NULL;
-- One working authenticator app an account: a second one would double the codes that pass.
CREATE UNIQUE INDEX one_confirmed_totp ON identity.factors (account_id)
  WHERE kind = 'totp' AND confirmed_at IS NOT NULL AND revoked_at IS NULL;
CREATE UNIQUE INDEX one_pending_totp ON identity.factors (account_id)
  WHERE kind = 'totp' AND confirmed_at IS NULL AND revoked_at IS NULL;
COMMENT ON TABLE identity.factors IS 'Second factors. A factor counts from its confirmation on, until it is revoked.';
COMMENT ON COLUMN identity.factors.id IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.factors.account_id IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.factors.kind IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.factors.secret IS 'class=portalAccount sensitivity=phi TOTP secret (RFC 6238), base32, under the account''s data key.';
COMMENT ON COLUMN identity.factors.key_id IS 'class=portalAccount sensitivity=structural The key that wraps the account''s data key.';
COMMENT ON COLUMN identity.factors.enrolment_hash IS 'class=portalAccount sensitivity=structural SHA-256 of the interaction in which a pending secret was shown; it can be confirmed there alone.';
COMMENT ON COLUMN identity.factors.last_used_step IS 'class=portalAccount sensitivity=structural The newest 30-second step whose code was accepted; only a later one passes.';
COMMENT ON COLUMN identity.factors.credential_id IS 'class=portalAccount sensitivity=structural WebAuthn credential id.';
COMMENT ON COLUMN identity.factors.public_key IS 'class=portalAccount sensitivity=structural WebAuthn public key, COSE form.';
COMMENT ON COLUMN identity.factors.sign_count IS 'class=portalAccount sensitivity=structural WebAuthn signature counter.';
COMMENT ON COLUMN identity.factors.code_hash IS 'class=portalAccount sensitivity=structural SHA-256 of a random recovery code.';
COMMENT ON COLUMN identity.factors.created_at IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.factors.confirmed_at IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.factors.used_at IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.factors.revoked_at IS 'class=portalAccount sensitivity=structural';

CREATE TABLE identity.artefacts (
  model       text NOT NULL CHECK (length(model) <= 40),
  id_hash     bytea NOT NULL CHECK (length(id_hash) = 32),
  grant_id    text,
  uid         text,
  user_code   text,
  payload     jsonb NOT NULL,
  consumed_at timestamptz,
  expires_at  timestamptz NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (model, id_hash)
);
CREATE INDEX artefacts_of_grant ON identity.artefacts (grant_id) WHERE grant_id IS NOT NULL;
CREATE INDEX artefacts_by_uid ON identity.artefacts (model, uid) WHERE uid IS NOT NULL;
CREATE UNIQUE INDEX artefacts_by_user_code ON identity.artefacts (model, user_code) WHERE user_code IS NOT NULL;
CREATE INDEX artefacts_by_expiry ON identity.artefacts (expires_at);
COMMENT ON TABLE identity.artefacts IS 'What the OpenID provider keeps: sessions, interactions, grants, codes, refresh tokens. Values that a bearer could present are kept as hashes only.';
COMMENT ON COLUMN identity.artefacts.model IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.artefacts.id_hash IS 'class=portalAccount sensitivity=structural SHA-256 of the random value that the bearer holds.';
COMMENT ON COLUMN identity.artefacts.grant_id IS 'class=portalAccount sensitivity=structural The token family.';
COMMENT ON COLUMN identity.artefacts.uid IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.artefacts.user_code IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.artefacts.payload IS 'class=portalAccount sensitivity=structural Ids, times, scopes and protocol parameters; never a name or an address.';
COMMENT ON COLUMN identity.artefacts.consumed_at IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.artefacts.expires_at IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.artefacts.created_at IS 'class=portalAccount sensitivity=structural';

CREATE TABLE identity.token_families (
  grant_id       text PRIMARY KEY,
  account_id     uuid NOT NULL REFERENCES identity.accounts ON DELETE CASCADE,
  client_id      text NOT NULL,
  tenant_id      uuid NOT NULL,
  role           text NOT NULL,
  allowed_scopes text[],
  sid            uuid NOT NULL UNIQUE,
  created_at     timestamptz NOT NULL DEFAULT now(),
  expires_at     timestamptz NOT NULL,
  revoked_at     timestamptz,
  revoked_for    text CHECK (revoked_for IN ('token-reuse', 'sign-out', 'entitlement-lost', 'client-request', 'person-request', 'credentials-changed')),
  notified_at    timestamptz,
  CHECK ((revoked_at IS NULL) = (revoked_for IS NULL))
);
CREATE INDEX families_of_account ON identity.token_families (account_id) WHERE revoked_at IS NULL;
CREATE INDEX families_to_notify ON identity.token_families (revoked_at) WHERE revoked_at IS NOT NULL AND notified_at IS NULL;
CREATE INDEX families_by_expiry ON identity.token_families (expires_at);
COMMENT ON TABLE identity.token_families IS 'One sign-in at one client for one tenant: every token of it lives and ends with its family.';
COMMENT ON COLUMN identity.token_families.grant_id IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.token_families.account_id IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.token_families.client_id IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.token_families.tenant_id IS 'class=portalAccount sensitivity=structural The tenant chosen at sign-in.';
COMMENT ON COLUMN identity.token_families.role IS 'class=portalAccount sensitivity=structural The role chosen at sign-in; still asked of the engine at each token.';
COMMENT ON COLUMN identity.token_families.allowed_scopes IS 'class=portalAccount sensitivity=structural Clinic scopes the client limited itself to; NULL: all that the person has.';
COMMENT ON COLUMN identity.token_families.sid IS 'class=portalAccount sensitivity=structural The session id in tokens and back-channel logouts.';
COMMENT ON COLUMN identity.token_families.created_at IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.token_families.expires_at IS 'class=portalAccount sensitivity=structural The absolute end, whatever is refreshed before.';
COMMENT ON COLUMN identity.token_families.revoked_at IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.token_families.revoked_for IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.token_families.notified_at IS 'class=portalAccount sensitivity=structural When client and engine had confirmed the logout.';

CREATE TABLE identity.sign_ins (
  interaction_hash bytea PRIMARY KEY CHECK (length(interaction_hash) = 32),
  account_id       uuid NOT NULL REFERENCES identity.accounts ON DELETE CASCADE,
  password_at      timestamptz NOT NULL,
  factor_at        timestamptz,
  factor_kind      text CHECK (factor_kind IN ('totp', 'webauthn', 'recovery')),
  manages          boolean NOT NULL DEFAULT false,
  challenge        bytea CHECK (length(challenge) = 32),
  challenge_for    text CHECK (challenge_for IN ('passkey-enrolment', 'passkey')),
  finished_at      timestamptz,
  expires_at       timestamptz NOT NULL,
  CHECK ((challenge IS NULL) = (challenge_for IS NULL))
);
CREATE INDEX sign_ins_by_expiry ON identity.sign_ins (expires_at);
COMMENT ON TABLE identity.sign_ins IS 'How far a person has come between the password and the end of one sign-in.';
COMMENT ON COLUMN identity.sign_ins.interaction_hash IS 'class=portalAccount sensitivity=structural SHA-256 of the interaction''s id.';
COMMENT ON COLUMN identity.sign_ins.account_id IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.sign_ins.password_at IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.sign_ins.factor_at IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.sign_ins.factor_kind IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.sign_ins.manages IS 'class=portalAccount sensitivity=structural The person wants to change password, factors or sessions before the end.';
COMMENT ON COLUMN identity.sign_ins.challenge IS 'class=portalAccount sensitivity=structural The WebAuthn challenge that was given out last; answering it takes it away.';
COMMENT ON COLUMN identity.sign_ins.challenge_for IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.sign_ins.finished_at IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.sign_ins.expires_at IS 'class=portalAccount sensitivity=structural';

CREATE TABLE identity.recoveries (
  id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  account_id   uuid NOT NULL REFERENCES identity.accounts ON DELETE CASCADE,
  kind         text NOT NULL CHECK (kind IN ('link', 'approval')),
  token_hash   bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
  approved_by  uuid REFERENCES identity.accounts ON DELETE CASCADE,
  usable_from  timestamptz NOT NULL,
  expires_at   timestamptz NOT NULL,
  used_at      timestamptz,
  cancelled_at timestamptz,
  created_at   timestamptz NOT NULL DEFAULT now(),
  CHECK ((kind = 'approval') = (approved_by IS NOT NULL)),
  CHECK (approved_by <> account_id)
);
CREATE INDEX recoveries_of_account ON identity.recoveries (account_id) WHERE used_at IS NULL AND cancelled_at IS NULL;
CREATE INDEX recoveries_by_expiry ON identity.recoveries (expires_at);
COMMENT ON TABLE identity.recoveries IS 'Ways back into an account: a link sent to the person''s address, or an administrator''s approval, which works only after a cooling period.';
COMMENT ON COLUMN identity.recoveries.id IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.recoveries.account_id IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.recoveries.kind IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.recoveries.token_hash IS 'class=portalAccount sensitivity=structural SHA-256 of the random value in the link or of the code.';
COMMENT ON COLUMN identity.recoveries.approved_by IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.recoveries.usable_from IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.recoveries.expires_at IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.recoveries.used_at IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.recoveries.cancelled_at IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.recoveries.created_at IS 'class=portalAccount sensitivity=structural';

CREATE TABLE identity.attempts (
  lane          bytea PRIMARY KEY CHECK (length(lane) = 32),
  failures      integer NOT NULL CHECK (failures >= 0),
  blocked_until timestamptz,
  updated_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX attempts_by_age ON identity.attempts (updated_at);
COMMENT ON TABLE identity.attempts IS 'Recent failures a lane: an account, an account from a known device, or a network address.';
COMMENT ON COLUMN identity.attempts.lane IS 'class=portalAccount sensitivity=structural HMAC of what is throttled, so that neither address nor e-mail is kept.';
COMMENT ON COLUMN identity.attempts.failures IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.attempts.blocked_until IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.attempts.updated_at IS 'class=portalAccount sensitivity=structural';

CREATE TABLE identity.known_devices (
  device_hash bytea PRIMARY KEY CHECK (length(device_hash) = 32),
  account_id  uuid NOT NULL REFERENCES identity.accounts ON DELETE CASCADE,
  created_at  timestamptz NOT NULL DEFAULT now(),
  expires_at  timestamptz NOT NULL
);
CREATE INDEX known_devices_of_account ON identity.known_devices (account_id);
CREATE INDEX known_devices_by_expiry ON identity.known_devices (expires_at);
COMMENT ON TABLE identity.known_devices IS 'Browsers from which an account has signed in: their attempts are counted apart, so that a stranger cannot lock the person out.';
COMMENT ON COLUMN identity.known_devices.device_hash IS 'class=portalAccount sensitivity=structural SHA-256 of the random value in the device''s cookie.';
COMMENT ON COLUMN identity.known_devices.account_id IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.known_devices.created_at IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.known_devices.expires_at IS 'class=portalAccount sensitivity=structural';

CREATE TABLE identity.signing_keys (
  id          text PRIMARY KEY CHECK (length(id) <= 64),
  private_jwk cordon.ciphertext NOT NULL,
  wrapped_key bytea NOT NULL CHECK (length(wrapped_key) <= 1024),
  key_id      text NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  signs_from  timestamptz NOT NULL,
  expires_at  timestamptz NOT NULL
);
CREATE INDEX signing_keys_by_expiry ON identity.signing_keys (expires_at);
COMMENT ON TABLE identity.signing_keys IS 'ES256 keys. A key is published before it signs, and stays published until the last token it signed has expired.';
COMMENT ON COLUMN identity.signing_keys.id IS 'class=portalAccount sensitivity=structural The kid: the key''s RFC 7638 thumbprint.';
COMMENT ON COLUMN identity.signing_keys.private_jwk IS 'class=portalAccount sensitivity=phi The private JSON Web Key, under a data key of its own.';
COMMENT ON COLUMN identity.signing_keys.wrapped_key IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.signing_keys.key_id IS 'class=portalAccount sensitivity=structural The key that wraps the data key.';
COMMENT ON COLUMN identity.signing_keys.created_at IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.signing_keys.signs_from IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.signing_keys.expires_at IS 'class=portalAccount sensitivity=structural';

GRANT SELECT, INSERT, UPDATE ON identity.accounts, identity.factors, identity.token_families TO identity_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON
  identity.artefacts, identity.sign_ins, identity.recoveries, identity.attempts, identity.known_devices, identity.signing_keys TO identity_app;
GRANT DELETE ON identity.token_families TO identity_app;
