-- Answers: results that whoever asked takes as rows at once, instead of a table of their own.

-- the function that gets another form
DROP FUNCTION IF EXISTS driveshaft.claim(integer, text, name[], interval, uuid);

ALTER TABLE driveshaft.jobs ADD COLUMN answer boolean NOT NULL DEFAULT false;
GRANT SELECT (answer), INSERT (answer) ON driveshaft.jobs TO PUBLIC;

-- parts of a result, its rows as an array of objects; gone when they are received, or an hour after
CREATE TABLE driveshaft.answers (
  job uuid REFERENCES driveshaft.jobs ON DELETE CASCADE,
  part integer,
  rows jsonb NOT NULL,
  PRIMARY KEY (job, part)
);
ALTER TABLE driveshaft.answers ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_answers ON driveshaft.answers FOR SELECT USING (EXISTS (SELECT FROM driveshaft.jobs WHERE id = job));
GRANT SELECT ON driveshaft.answers TO PUBLIC;

-- an answer is received by a row here, after which both are gone: whoever may delete from a table may lock it too
CREATE TABLE driveshaft.receipts (
  job uuid PRIMARY KEY REFERENCES driveshaft.jobs ON DELETE CASCADE
);
ALTER TABLE driveshaft.receipts ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_receipts ON driveshaft.receipts WITH CHECK (EXISTS (SELECT FROM driveshaft.jobs WHERE id = job));
GRANT INSERT (job) ON driveshaft.receipts TO PUBLIC;
