-- Limits by role, retries, the catalogue of results, and what is known of workers and of the backends that serve a job.

-- the functions that get another form
DROP FUNCTION IF EXISTS driveshaft.claim(text, name[], interval);
DROP FUNCTION IF EXISTS driveshaft.fail(uuid, text, text, text, text);
DROP FUNCTION IF EXISTS driveshaft.check_columns(jsonb, jsonb, text[], oid[]);
DROP FUNCTION IF EXISTS public.cdb_analysis_status(uuid);

-- where a job was asked for: the server and the database; a restored copy does not run the jobs of the original
ALTER TABLE driveshaft.jobs ADD COLUMN origin text, ADD COLUMN retry_at timestamptz;
UPDATE driveshaft.jobs SET origin = concat_ws('/', s.system_identifier, d.oid)
  FROM pg_catalog.pg_control_system() s, pg_catalog.pg_database d WHERE d.datname = current_database();
GRANT SELECT (origin, retry_at) ON driveshaft.jobs TO PUBLIC;

-- the row `public` holds for every role that has none of its own; no role can have this name
CREATE TABLE driveshaft.limits (
  role name PRIMARY KEY,
  queued integer NOT NULL DEFAULT 1000 CHECK (queued >= 0),
  attempts integer NOT NULL DEFAULT 5 CHECK (attempts >= 1),
  seconds integer NOT NULL DEFAULT 3600 CHECK (seconds >= 1),
  rows bigint NOT NULL DEFAULT 20000000 CHECK (rows >= 1),
  -- null: what the worker's machine has
  memory_mb integer CHECK (memory_mb >= 64)
);
INSERT INTO driveshaft.limits (role) VALUES ('public');
GRANT SELECT ON driveshaft.limits TO PUBLIC;

-- targets of unfinished jobs; apart from the jobs, so that the wait for another's uncommitted request can be cut short
CREATE TABLE driveshaft.reservations (
  target text PRIMARY KEY,
  job uuid NOT NULL UNIQUE REFERENCES driveshaft.jobs ON DELETE CASCADE
);
INSERT INTO driveshaft.reservations SELECT target, id FROM driveshaft.jobs WHERE state IN ('pending', 'running');
DROP INDEX driveshaft.one_job_per_target;
DROP TRIGGER IF EXISTS c_reserve_target ON driveshaft.jobs;

-- the tables that jobs published and how each came about
CREATE TABLE driveshaft.results (
  relation oid PRIMARY KEY,
  target text NOT NULL,
  requester name NOT NULL,
  job uuid NOT NULL,
  analysis text NOT NULL,
  version integer NOT NULL,
  parameters jsonb NOT NULL,
  seed bigint,
  query text NOT NULL,
  path text NOT NULL,
  rows_read bigint NOT NULL,
  rows_used bigint NOT NULL,
  rows_dropped bigint NOT NULL,
  asked_at timestamptz NOT NULL,
  started_at timestamptz NOT NULL,
  published_at timestamptz NOT NULL
);
ALTER TABLE driveshaft.results ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_results ON driveshaft.results FOR SELECT USING (requester = current_user);
GRANT SELECT ON driveshaft.results TO PUBLIC;

-- backends that serve an attempt; what is left of them after it is ended by the next worker that comes by
CREATE TABLE driveshaft.backends (
  pid integer,
  started_at timestamptz,
  job uuid NOT NULL REFERENCES driveshaft.jobs ON DELETE CASCADE,
  attempt integer NOT NULL,
  PRIMARY KEY (pid, started_at)
);

CREATE TABLE driveshaft.workers (
  name text PRIMARY KEY,
  roles name[] NOT NULL,
  seen_at timestamptz NOT NULL
);

-- roles that cannot log in, and the login role that works for each
CREATE TABLE driveshaft.twins (
  role name PRIMARY KEY,
  twin name NOT NULL
);
