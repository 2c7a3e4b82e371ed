-- Follows requesters that were renamed, and ends the jobs of those that were dropped; what these leave loses its
-- number, which might be given to another role one day. Rows that are locked wait for the next time.
CREATE OR REPLACE FUNCTION driveshaft.follow_roles() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here CONSTANT text := driveshaft.origin();
BEGIN
  -- of a job that came with a restored dump the number may be another role's
  UPDATE driveshaft.jobs j SET requester = coalesce(role.name, j.requester), requester_id = role.id
    FROM (SELECT d.id AS job, r.oid AS id, r.rolname AS name FROM driveshaft.jobs d
      LEFT JOIN pg_roles r ON r.oid = d.requester_id
           WHERE d.origin = here AND d.requester_id IS NOT NULL AND r.rolname IS DISTINCT FROM d.requester
             -- its worker goes by the name that it was told
             AND (r.oid IS NULL OR d.state <> 'running')
             FOR NO KEY UPDATE OF d SKIP LOCKED) role
   WHERE j.id = role.job;
  PERFORM driveshaft.end_job(j.id, 'failed', 'ROLE_GONE',
    format('the role %s, which asked for the job, was dropped', j.requester),
      'Ask again, as a role that is there.')
     FROM (SELECT j.id, j.requester FROM driveshaft.jobs j WHERE j.state IN ('pending', 'running')
       AND j.requester_id IS NULL
              FOR NO KEY UPDATE SKIP LOCKED) j;
  -- of a result too; but then it is not the owner of a table that has the result's number and name
  UPDATE driveshaft.results s SET requester = coalesce(role.name, s.requester), requester_id = role.id
    FROM (SELECT d.relation, r.oid AS id, r.rolname AS name FROM driveshaft.results d
      LEFT JOIN pg_roles r ON r.oid = d.requester_id
           WHERE d.requester_id IS NOT NULL AND r.rolname IS DISTINCT FROM d.requester
             AND (r.oid IS NULL OR EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                   WHERE c.oid = d.relation AND c.relowner = r.oid
                     AND ARRAY[n.nspname, c.relname]::text[] = parse_ident(d.target)))
             FOR NO KEY UPDATE OF d SKIP LOCKED) role
   WHERE s.relation = role.relation;
END $$;
