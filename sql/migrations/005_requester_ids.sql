-- Requesters by number as well as by name: a name passes on when its role is dropped or renamed.

-- null: of a role that is gone
ALTER TABLE driveshaft.jobs ADD COLUMN requester_id oid;
ALTER TABLE driveshaft.results ADD COLUMN requester_id oid;
UPDATE driveshaft.jobs SET requester_id = r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = requester;
UPDATE driveshaft.results SET requester_id = r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = requester;
ALTER TABLE driveshaft.jobs
  ALTER COLUMN requester_id SET DEFAULT pg_catalog.to_regrole(pg_catalog.quote_ident(current_user))::pg_catalog.oid;
GRANT SELECT (requester_id) ON driveshaft.jobs TO PUBLIC;

-- both: in a restored dump a number may be another role's
ALTER POLICY own_jobs ON driveshaft.jobs
  USING (requester = current_user AND requester_id = pg_catalog.to_regrole(pg_catalog.quote_ident(current_user)))
  WITH CHECK (requester = current_user AND requester_id = pg_catalog.to_regrole(pg_catalog.quote_ident(current_user)));
ALTER POLICY own_results ON driveshaft.results
  USING (requester = current_user AND requester_id = pg_catalog.to_regrole(pg_catalog.quote_ident(current_user)));
