-- Cancellations apart from the jobs: whoever may update a row may lock it too, and then all workers wait for it.

-- the functions that get another form
DROP FUNCTION IF EXISTS public.cdb_cancel_analysis(uuid);
DROP FUNCTION IF EXISTS driveshaft.fail(uuid, text, text, text, text, interval);

CREATE TABLE driveshaft.cancellations (
  job uuid PRIMARY KEY REFERENCES driveshaft.jobs ON DELETE CASCADE,
  asked_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp()
);
INSERT INTO driveshaft.cancellations (job) SELECT id FROM driveshaft.jobs WHERE cancel AND state = 'running';
ALTER TABLE driveshaft.cancellations ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_cancellations ON driveshaft.cancellations
  USING (EXISTS (SELECT FROM driveshaft.jobs WHERE id = job)) WITH CHECK (EXISTS (SELECT FROM driveshaft.jobs WHERE id = job));
GRANT SELECT, INSERT (job) ON driveshaft.cancellations TO PUBLIC;

DROP TRIGGER IF EXISTS cancel_request ON driveshaft.jobs;
DROP TRIGGER IF EXISTS tell_state ON driveshaft.jobs;
DROP TRIGGER IF EXISTS free_target ON driveshaft.jobs;
DROP FUNCTION IF EXISTS driveshaft.cancel_request();
-- with it goes the privilege to update anything
ALTER TABLE driveshaft.jobs DROP COLUMN cancel;

-- whose turn it is: the oldest job of a role, the jobs that run, and when a role's turn was last
DROP INDEX driveshaft.jobs_waiting;
CREATE INDEX jobs_unfinished ON driveshaft.jobs (requester, created_at) WHERE state IN ('pending', 'running');
CREATE INDEX jobs_running ON driveshaft.jobs (requester) WHERE state = 'running';
CREATE INDEX jobs_started ON driveshaft.jobs (requester, started_at);
