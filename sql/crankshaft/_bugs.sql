-- Whether the caller wants the numbers of crankshaft where they are wrong: SET driveshaft.crankshaft_bugs = on.
CREATE OR REPLACE FUNCTION cdb_crankshaft._bugs() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE BEGIN ATOMIC
  SELECT coalesce(nullif(current_setting('driveshaft.crankshaft_bugs', true), '')::boolean, false);
END;
