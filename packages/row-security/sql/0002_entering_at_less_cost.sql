-- The same context at less cost, for it is entered with every statement.
--
-- Measured on the backend of one statement a transaction: what a transaction pays for a definer function is the setting up of
-- its expressions and its first look at a table, so the verification is one expression over one row. The tag covers the
-- payload, so the payload's form is told only when there is something to refuse.
CREATE OR REPLACE FUNCTION cordon.enter(payload text, key_id text, tag bytea) RETURNS text
LANGUAGE sql VOLATILE SECURITY DEFINER
BEGIN ATOMIC
  SELECT coalesce(
    (SELECT CASE
       WHEN sha256(enter.tag) = sha256(pgcrypto.hmac(
         convert_to(concat_ws(E'\n', 'cordon-seal-v1', current_database(), session_user, pg_backend_pid(), enter.payload),
           'UTF8'), k.key, 'sha256'))
       THEN CASE
         WHEN starts_with(enter.payload, 'v1 ')
           AND to_timestamp(nullif(split_part(enter.payload, ' ', 7), '')::float8) > clock_timestamp()
         THEN set_config('backtrace_functions', enter.payload, true)
       END
     END
     FROM cordon.seal_keys k WHERE k.key_id = enter.key_id AND k.retired_at IS NULL),
    cordon.refuse_seal(enter.payload, enter.key_id, enter.tag));
END;

CREATE OR REPLACE FUNCTION cordon.tenant_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE
  WHEN to_timestamp(nullif(split_part(current_setting('backtrace_functions'), ' ', 7), '')::float8)
    > statement_timestamp()
  THEN nullif(split_part(current_setting('backtrace_functions'), ' ', 2), '')::uuid
END;
-- Data classes are letters and digits, so one between two commas is that class and no part of another.
CREATE OR REPLACE FUNCTION cordon.may_read(data_class text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN strpos(',' || split_part(current_setting('backtrace_functions'), ' ', 9) || ',', ',' || data_class || ',') > 0;
CREATE OR REPLACE FUNCTION cordon.may_write(data_class text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN strpos(',' || split_part(current_setting('backtrace_functions'), ' ', 10) || ',', ',' || data_class || ',') > 0;

-- Connections that serve one tenant keep statements prepared. SQL that got into one must not learn their names, for it could
-- prepare them anew and be handed the next request's rows: the names are random, and only this function tells them.
REVOKE ALL ON FUNCTION pg_catalog.pg_prepared_statement() FROM PUBLIC;
REVOKE ALL ON pg_catalog.pg_prepared_statements FROM PUBLIC;
