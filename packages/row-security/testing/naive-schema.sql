-- Row security as many tutorials show it. Each line that leaks is ordinary; the prover's tests say which leak it is.
CREATE SCHEMA app;
GRANT USAGE, CREATE ON SCHEMA app TO PUBLIC;
GRANT TEMPORARY ON DATABASE :database TO PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO PUBLIC;

CREATE FUNCTION app.current_tenant() RETURNS integer LANGUAGE sql IMMUTABLE
AS $$ SELECT nullif(current_setting('app.tenant_id', true), '')::integer $$;

CREATE TABLE app.tenants (
  id serial PRIMARY KEY,
  name text NOT NULL UNIQUE
);

CREATE TABLE app.patients (
  id serial PRIMARY KEY,
  tenant_id integer NOT NULL REFERENCES app.tenants (id),
  email text NOT NULL UNIQUE,
  full_name text NOT NULL,
  notes text
);
ALTER TABLE app.patients ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON app.patients USING (tenant_id = app.current_tenant());

CREATE TABLE app.appointments (
  id serial PRIMARY KEY,
  tenant_id integer NOT NULL REFERENCES app.tenants (id),
  patient_id integer NOT NULL REFERENCES app.patients (id),
  room text NOT NULL,
  during tsrange NOT NULL,
  EXCLUDE USING gist (room WITH =, during WITH &&)
);
ALTER TABLE app.appointments ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON app.appointments USING (tenant_id = current_setting('app.tenant_id', true)::integer);

-- Read by policy, written by whoever can.
CREATE TABLE app.invoices (
  id serial,
  tenant_id integer NOT NULL REFERENCES app.tenants (id),
  status text NOT NULL CHECK (status IN ('open', 'paid')),
  amount numeric(10, 2) NOT NULL,
  PRIMARY KEY (id, status)
) PARTITION BY LIST (status);
CREATE TABLE app.invoices_open PARTITION OF app.invoices FOR VALUES IN ('open');
CREATE TABLE app.invoices_paid PARTITION OF app.invoices FOR VALUES IN ('paid');
ALTER TABLE app.invoices ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.invoices FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_reads ON app.invoices FOR SELECT TO :app USING (tenant_id = app.current_tenant());
CREATE POLICY anyone_writes ON app.invoices FOR INSERT TO :app WITH CHECK (true);
CREATE POLICY anyone_changes ON app.invoices FOR UPDATE TO :app USING (true);

-- A side table that nobody thought of.
CREATE TABLE app.messages (
  id serial PRIMARY KEY,
  tenant_id integer NOT NULL,
  patient_id integer NOT NULL REFERENCES app.patients (id),
  body text NOT NULL
);
CREATE TABLE app.search_terms (term text PRIMARY KEY, hits integer NOT NULL DEFAULT 0);

CREATE VIEW app.patient_list AS SELECT id, tenant_id, full_name, email FROM app.patients;
CREATE VIEW app.my_messages AS SELECT id, body FROM app.messages WHERE tenant_id = app.current_tenant();
CREATE MATERIALIZED VIEW app.patient_names AS SELECT tenant_id, full_name FROM app.patients;

CREATE FUNCTION app.find_patient(patient integer) RETURNS SETOF app.patients LANGUAGE plpgsql SECURITY DEFINER
AS $$ BEGIN RETURN QUERY SELECT * FROM app.patients WHERE id = patient; END $$;

CREATE FUNCTION app.announce() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN PERFORM pg_notify('patients_changed', row_to_json(NEW)::text); RETURN NEW; END $$;
CREATE TRIGGER announce AFTER INSERT ON app.patients FOR EACH ROW EXECUTE FUNCTION app.announce();

GRANT ALL ON ALL TABLES IN SCHEMA app TO :app;
GRANT ALL ON ALL SEQUENCES IN SCHEMA app TO :app;
ALTER TABLE app.search_terms OWNER TO :app;
