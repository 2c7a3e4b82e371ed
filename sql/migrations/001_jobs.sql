-- Jobs, their progress and attempts, and the catalogue that requests are checked against.
-- Users reach the tables by the privileges below, so every check of a request stands in a trigger, not in a function.

CREATE TABLE driveshaft.settings (
  name text PRIMARY KEY,
  value jsonb NOT NULL
);

CREATE TABLE driveshaft.analyses (
  name text PRIMARY KEY,
  title text NOT NULL,
  description text NOT NULL,
  version integer NOT NULL,
  parameters jsonb NOT NULL,
  columns jsonb NOT NULL
);

CREATE TABLE driveshaft.jobs (
  id uuid PRIMARY KEY DEFAULT pg_catalog.gen_random_uuid(),
  -- the identity is taken by the table: a function could be turned against whoever calls it
  requester name NOT NULL DEFAULT current_user,
  analysis text NOT NULL,
  query text NOT NULL,
  params jsonb NOT NULL DEFAULT '{}',
  target text,
  -- the session in which the query means what the requester meant
  path text NOT NULL DEFAULT pg_catalog.current_setting('search_path'),
  time_zone text NOT NULL DEFAULT pg_catalog.current_setting('TimeZone'),
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'running', 'ready', 'failed', 'canceled')),
  cancel boolean NOT NULL DEFAULT false,
  attempts integer NOT NULL DEFAULT 0,
  token_hash bytea,
  created_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
  started_at timestamptz,
  finished_at timestamptz,
  error_code text,
  error_message text,
  error_hint text,
  summary jsonb
);

CREATE INDEX jobs_waiting ON driveshaft.jobs (created_at) WHERE state IN ('pending', 'running');
CREATE UNIQUE INDEX one_job_per_target ON driveshaft.jobs (target) WHERE state IN ('pending', 'running');

-- apart from the job, so that a heartbeat neither waits for the lock of a publication nor rewrites the query's text
CREATE TABLE driveshaft.progress (
  job uuid PRIMARY KEY REFERENCES driveshaft.jobs ON DELETE CASCADE,
  lease_until timestamptz NOT NULL,
  phase text NOT NULL DEFAULT 'starting',
  share double precision NOT NULL DEFAULT 0
);

CREATE TABLE driveshaft.attempts (
  job uuid REFERENCES driveshaft.jobs ON DELETE CASCADE,
  number integer,
  worker text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
  ended_at timestamptz,
  error_code text,
  error_message text,
  PRIMARY KEY (job, number)
);

ALTER TABLE driveshaft.jobs ENABLE ROW LEVEL SECURITY;
ALTER TABLE driveshaft.progress ENABLE ROW LEVEL SECURITY;
ALTER TABLE driveshaft.attempts ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_jobs ON driveshaft.jobs USING (requester = current_user) WITH CHECK (requester = current_user);
CREATE POLICY own_progress ON driveshaft.progress FOR SELECT USING (EXISTS (SELECT FROM driveshaft.jobs WHERE id = job));
CREATE POLICY own_attempts ON driveshaft.attempts FOR SELECT USING (EXISTS (SELECT FROM driveshaft.jobs WHERE id = job));

GRANT USAGE ON SCHEMA driveshaft TO PUBLIC;
GRANT SELECT ON driveshaft.settings, driveshaft.analyses, driveshaft.progress, driveshaft.attempts TO PUBLIC;
GRANT INSERT (analysis, query, params, target), UPDATE (cancel) ON driveshaft.jobs TO PUBLIC;
-- everything but token_hash
GRANT SELECT (id, requester, analysis, query, params, target, path, time_zone, state, cancel, attempts, created_at, started_at,
  finished_at, error_code, error_message, error_hint, summary) ON driveshaft.jobs TO PUBLIC;
