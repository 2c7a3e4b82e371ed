-- How many functions may be at work for the database, and how often a function was told of a job.

INSERT INTO driveshaft.settings VALUES ('in_flight', '100');

-- since it last waited anew; each further time is longer in coming
ALTER TABLE driveshaft.jobs ADD COLUMN sends integer NOT NULL DEFAULT 0;
GRANT SELECT (sends) ON driveshaft.jobs TO PUBLIC;
