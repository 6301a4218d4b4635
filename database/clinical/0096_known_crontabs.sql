-- The queue's library looks at its list of timed jobs when it starts, and again and again when it may not. It stays empty.
GRANT SELECT ON graphile_worker._private_known_crontabs TO engine_jobs;
CREATE POLICY queue_only ON graphile_worker._private_known_crontabs FOR SELECT TO engine_jobs USING (true);
