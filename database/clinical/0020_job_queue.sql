-- The queue of background work: the tables of graphile-worker 0.18.0, schema revision 20, as its own migrations leave them,
-- so that no process of Cordon needs the right to create anything. A test compares them with the installed library.
--
-- A job names its tenant and at most one record, by id. It opens no row: whoever runs it enters that tenant's sealed context.
CREATE SCHEMA graphile_worker;
GRANT USAGE ON SCHEMA graphile_worker TO engine_jobs;

CREATE TABLE graphile_worker.migrations (
  id integer PRIMARY KEY,
  ts timestamptz NOT NULL DEFAULT now(),
  breaking boolean NOT NULL DEFAULT false
);
INSERT INTO graphile_worker.migrations (id, breaking)
SELECT id, id IN (1, 3, 11, 13, 14, 16, 19) FROM generate_series(1, 20) AS id;

CREATE TABLE graphile_worker._private_known_crontabs (
  identifier text PRIMARY KEY,
  known_since timestamptz NOT NULL,
  last_execution timestamptz
);

CREATE TABLE graphile_worker._private_tasks (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  identifier text NOT NULL UNIQUE CHECK (length(identifier) <= 128)
);

CREATE TABLE graphile_worker._private_job_queues (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  queue_name text NOT NULL UNIQUE CHECK (length(queue_name) <= 128),
  locked_at timestamptz,
  locked_by text,
  is_available boolean GENERATED ALWAYS AS (locked_at IS NULL) STORED NOT NULL
);

CREATE TABLE graphile_worker._private_jobs (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  job_queue_id integer,
  task_id integer NOT NULL,
  payload json NOT NULL DEFAULT '{}',
  priority smallint NOT NULL DEFAULT 0,
  run_at timestamptz NOT NULL DEFAULT now(),
  attempts smallint NOT NULL DEFAULT 0,
  max_attempts smallint NOT NULL DEFAULT 25 CHECK (max_attempts >= 1),
  last_error text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  key text UNIQUE CHECK (length(key) > 0 AND length(key) <= 512),
  locked_at timestamptz,
  locked_by text,
  revision integer NOT NULL DEFAULT 0,
  flags jsonb,
  is_available boolean GENERATED ALWAYS AS (locked_at IS NULL AND attempts < max_attempts) STORED NOT NULL,
  -- Cordon's own, besides the library's: a queue holds ids and nothing that anybody wrote.
  CONSTRAINT ids_only CHECK (payload::text ~ '^\{("[A-Za-z]{1,30}":"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",?){1,3}\}$')
);
CREATE INDEX jobs_main_index ON graphile_worker._private_jobs (priority, run_at) INCLUDE (id, task_id, job_queue_id)
  WHERE is_available = true;
CREATE INDEX jobs_no_queue_index ON graphile_worker._private_jobs (priority, run_at) INCLUDE (id, task_id)
  WHERE is_available = true AND job_queue_id IS NULL;

CREATE TYPE graphile_worker.job_spec AS (
  identifier text,
  payload json,
  queue_name text,
  run_at timestamptz,
  max_attempts smallint,
  job_key text,
  priority smallint,
  flags text[]
);

CREATE VIEW graphile_worker.jobs WITH (security_invoker = true) AS
  SELECT jobs.id, job_queues.queue_name, tasks.identifier AS task_identifier, jobs.priority, jobs.run_at, jobs.attempts,
    jobs.max_attempts, jobs.last_error, jobs.created_at, jobs.updated_at, jobs.key, jobs.locked_at, jobs.locked_by,
    jobs.revision, jobs.flags
  FROM graphile_worker._private_jobs jobs
  JOIN graphile_worker._private_tasks tasks ON tasks.id = jobs.task_id
  LEFT JOIN graphile_worker._private_job_queues job_queues ON job_queues.id = jobs.job_queue_id;

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
    ('_private_jobs', 'SELECT, INSERT, UPDATE, DELETE'), ('migrations', 'SELECT'), ('_private_known_crontabs', NULL)) AS t (name, rights)
  LOOP
    EXECUTE format('ALTER TABLE graphile_worker.%I ENABLE ROW LEVEL SECURITY', queue_table.name);
    EXECUTE format('ALTER TABLE graphile_worker.%I FORCE ROW LEVEL SECURITY', queue_table.name);
    CONTINUE WHEN queue_table.rights IS NULL;
    EXECUTE format('GRANT %s ON graphile_worker.%I TO engine_jobs', queue_table.rights, queue_table.name);
    EXECUTE format('CREATE POLICY queue_only ON graphile_worker.%I FOR ALL TO engine_jobs USING (true) WITH CHECK (true)',
      queue_table.name);
  END LOOP;
END
$$;
GRANT SELECT ON graphile_worker.jobs TO engine_jobs;

-- The table that was kept for jobs before there was a queue; nothing ever wrote to it.
DROP TABLE clinical.jobs;
