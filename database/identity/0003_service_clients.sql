-- Integrations that administrators registered. Each acts as an account of its own, whose membership is the engine's.

CREATE TABLE identity.service_clients (
  client_id     text PRIMARY KEY CHECK (client_id ~ '^[a-z0-9][a-z0-9-]{2,62}$'),
  account_id    uuid NOT NULL UNIQUE REFERENCES identity.accounts ON DELETE CASCADE,
  tenant_id     uuid NOT NULL,
  role          text NOT NULL CHECK (role IN ('role.clinician', 'role.receptionist', 'role.externalContractor')),
  scopes        text[] NOT NULL CHECK (cardinality(scopes) BETWEEN 1 AND 400),
  public_key    jsonb NOT NULL,
  registered_by uuid NOT NULL REFERENCES identity.accounts ON DELETE CASCADE,
  created_at    timestamptz NOT NULL DEFAULT now(),
  ended_at      timestamptz
);
CREATE INDEX service_clients_of_tenant ON identity.service_clients (tenant_id) WHERE ended_at IS NULL;
COMMENT ON TABLE identity.service_clients IS 'Integrations (client credentials with private_key_jwt): whom they act as, and the most that they may.';
COMMENT ON COLUMN identity.service_clients.client_id IS 'class=portalAccount sensitivity=structural A code such as "lab-results", not a free name.';
COMMENT ON COLUMN identity.service_clients.account_id IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.service_clients.tenant_id IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.service_clients.role IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.service_clients.scopes IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.service_clients.public_key IS 'class=portalAccount sensitivity=structural Its public JSON Web Key; the private one stays with the integration.';
COMMENT ON COLUMN identity.service_clients.registered_by IS 'class=portalAccount sensitivity=structural The administrator''s account.';
COMMENT ON COLUMN identity.service_clients.created_at IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN identity.service_clients.ended_at IS 'class=portalAccount sensitivity=structural From then on it gets no token.';
GRANT SELECT, INSERT, UPDATE ON identity.service_clients TO identity_app;
