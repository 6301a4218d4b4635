-- A small schema in which nothing leaks but what its setting lets anybody forge. Each control breaks one thing of it.
CREATE SCHEMA app;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA app TO :app;

CREATE FUNCTION app.current_tenant() RETURNS uuid LANGUAGE sql STABLE
RETURN nullif(current_setting('app.tenant_id', true), '')::uuid;
CREATE FUNCTION app.current_member() RETURNS uuid LANGUAGE sql STABLE
RETURN nullif(current_setting('app.member', true), '')::uuid;

CREATE TABLE app.members (
  tenant_id uuid NOT NULL,
  account_id uuid NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, account_id)
);
CREATE TABLE app.notes (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  body text NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE TABLE app.replies (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  note_id uuid NOT NULL,
  body text NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT replies_note FOREIGN KEY (tenant_id, note_id) REFERENCES app.notes (tenant_id, id)
);
CREATE TABLE app.settings (name text PRIMARY KEY, value text NOT NULL);
CREATE VIEW app.note_list WITH (security_invoker = true) AS SELECT tenant_id, id, body FROM app.notes;
GRANT SELECT ON app.note_list TO :app;

ALTER TABLE app.members ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.members FORCE ROW LEVEL SECURITY;
CREATE POLICY own_membership ON app.members FOR SELECT TO :app
  USING (tenant_id = (SELECT app.current_tenant()) AND account_id = (SELECT app.current_member()));
GRANT SELECT ON app.members TO :app;

ALTER TABLE app.notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.notes FORCE ROW LEVEL SECURITY;
CREATE POLICY one_tenant ON app.notes TO :app
  USING (tenant_id = (SELECT app.current_tenant()) AND EXISTS (SELECT FROM app.members WHERE ended_at IS NULL))
  WITH CHECK (tenant_id = (SELECT app.current_tenant()));
ALTER TABLE app.replies ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.replies FORCE ROW LEVEL SECURITY;
CREATE POLICY one_tenant ON app.replies TO :app
  USING (tenant_id = (SELECT app.current_tenant()) AND EXISTS (SELECT FROM app.members WHERE ended_at IS NULL))
  WITH CHECK (tenant_id = (SELECT app.current_tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON app.notes, app.replies TO :app;
COMMENT ON COLUMN app.notes.body IS 'class=note';
