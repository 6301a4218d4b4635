-- A month is what its bounds say, not what it is called: under another's name, or with wider bounds, it would be dropped with
-- what has not expired. So the name is answered for the table alone that is attached with exactly the bounds of that month.
CREATE OR REPLACE FUNCTION audit.partition_of(month timestamptz) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO'
BEGIN ATOMIC
  SELECT c.relname::text FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid
  WHERE i.inhparent = 'audit.audit_logs'::regclass AND NOT i.inhdetachpending AND c.relkind = 'r'
    AND c.relnamespace = 'audit'::regnamespace AND c.relname = format('audit_logs_%s', to_char(month, 'YYYY_MM'))
    AND pg_get_expr(c.relpartbound, c.oid) = format('FOR VALUES FROM (%L) TO (%L)', month::text, (month + interval '1 month')::text);
END;
