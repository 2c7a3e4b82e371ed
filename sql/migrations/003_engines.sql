-- Who runs a job: a worker's process, or a function that a gateway or the database itself invokes.

-- the function that gets another form
DROP FUNCTION IF EXISTS driveshaft.claim(integer, text, name[], interval);

ALTER TABLE driveshaft.jobs
  ADD COLUMN engine text NOT NULL DEFAULT 'worker' CHECK (engine IN ('worker', 'lambda', 'aws_lambda')),
  -- when a function was last told of the job, and what went wrong when it could not be
  ADD COLUMN sent_at timestamptz,
  ADD COLUMN sent_error text;
GRANT SELECT (engine, sent_at, sent_error) ON driveshaft.jobs TO PUBLIC;

-- null: the first of the installation's
ALTER TABLE driveshaft.limits ADD COLUMN engine text CHECK (engine IN ('worker', 'lambda', 'aws_lambda'));

-- the engines that are in service; the first is taken where nothing else is said
INSERT INTO driveshaft.settings VALUES ('engines', '["worker"]');

-- the function of each analysis, for the engine aws_lambda
CREATE TABLE driveshaft.functions (
  analysis text PRIMARY KEY,
  arn text NOT NULL
);
