-- The queue of background work. Set-up lets graphile-worker 0.18.0 make its own tables and functions first, so that no process of
-- Cordon needs the right to create anything; from here on they are under the rules of every other table.
--
-- A job names its tenant and at most one record, by id. It opens no row: whoever runs it enters that tenant's sealed context.
GRANT USAGE ON SCHEMA graphile_worker TO engine_jobs;
ALTER VIEW graphile_worker.jobs SET (security_invoker = true);
-- A queue holds ids and nothing that anybody wrote.
ALTER TABLE graphile_worker._private_jobs ADD CONSTRAINT ids_only
  CHECK (payload::text ~ '^\{("[A-Za-z]{1,30}":"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",?){1,3}\}$');

SELECT cordon.classify_columns('graphile_worker.migrations', 'auditLogEntry', '{id,ts,breaking}');
SELECT cordon.classify_columns('graphile_worker._private_known_crontabs', 'auditLogEntry',
  '{identifier,known_since,last_execution}');
SELECT cordon.classify_columns('graphile_worker._private_tasks', 'auditLogEntry', '{id,identifier}');
SELECT cordon.classify_columns('graphile_worker._private_job_queues', 'auditLogEntry',
  '{id,queue_name,locked_at,locked_by,is_available}');
SELECT cordon.classify_columns('graphile_worker._private_jobs', 'auditLogEntry',
  '{id,job_queue_id,task_id,payload,priority,run_at,attempts,max_attempts,last_error,created_at,updated_at,key,locked_at,locked_by,revision,flags,is_available}');

-- Jobs of all tenants stand in one queue: one login role alone reaches it, and it opens no tenant's row without a context.
DO $$
DECLARE
  queue_table record;
BEGIN
  FOR queue_table IN SELECT * FROM (VALUES ('_private_tasks', 'SELECT, INSERT'), ('_private_job_queues', 'SELECT, INSERT, UPDATE'),
    ('_private_jobs', 'SELECT, INSERT, UPDATE, DELETE'), ('migrations', 'SELECT'), ('_private_known_crontabs', 'SELECT')) AS t (name, rights)
  LOOP
    EXECUTE format('ALTER TABLE graphile_worker.%I ENABLE ROW LEVEL SECURITY', queue_table.name);
    EXECUTE format('ALTER TABLE graphile_worker.%I FORCE ROW LEVEL SECURITY', queue_table.name);
    EXECUTE format('GRANT %s ON graphile_worker.%I TO engine_jobs', queue_table.rights, queue_table.name);
    EXECUTE format('CREATE POLICY queue_only ON graphile_worker.%I FOR ALL TO engine_jobs USING (true) WITH CHECK (true)',
      queue_table.name);
  END LOOP;
END
$$;
GRANT SELECT ON graphile_worker.jobs TO engine_jobs;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA graphile_worker FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
  graphile_worker.add_job(text, json, text, timestamptz, integer, text, integer, text[], text),
  graphile_worker.add_jobs(graphile_worker.job_spec[], boolean),
  graphile_worker.force_unlock_workers(text[]) TO engine_jobs;


-- The table that was kept for jobs before there was a queue; nothing ever wrote to it.
DROP TABLE clinical.jobs;
