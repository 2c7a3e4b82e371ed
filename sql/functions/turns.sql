-- The order in which roles take their turns, of those that have a job waiting: first who has the fewest running, and of
-- such who has been served longest ago. So a role waits for one job of each other, however many these have asked for.
CREATE OR REPLACE FUNCTION driveshaft.turns(roles name[]) RETURNS SETOF name
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT r.role
    FROM (SELECT DISTINCT unnest(roles)) r (role),
         LATERAL (SELECT count(*) AS jobs FROM driveshaft.jobs j WHERE j.requester = r.role
           AND j.state = 'running') running,
         LATERAL (SELECT max(j.started_at) AS at FROM driveshaft.jobs j WHERE j.requester = r.role) served
   WHERE EXISTS (SELECT FROM driveshaft.jobs j WHERE j.requester = r.role AND j.state = 'pending')
   ORDER BY running.jobs, served.at NULLS FIRST, r.role
$$;
