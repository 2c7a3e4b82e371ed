-- Opens a connection to this database as the caller's own role, by its user mapping.
CREATE OR REPLACE FUNCTION cdb_crankshaft._connect(link text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  how CONSTANT text := format('CREATE USER MAPPING FOR %I SERVER driveshaft OPTIONS (user %L, password ''...'')',
    current_user, current_user);
BEGIN
  PERFORM :"dblink".dblink_connect(link, 'driveshaft');
EXCEPTION
  WHEN undefined_object OR connection_does_not_exist OR invalid_password
    OR invalid_authorization_specification OR prohibited_sql_statement_attempted THEN
    PERFORM driveshaft.refuse('ACCESS_DENIED',
      format('%s has no user mapping by which it can ask for a job: %s', current_user, SQLERRM), how);
  WHEN sqlclient_unable_to_establish_sqlconnection THEN
    PERFORM driveshaft.refuse('CONNECTION_FAILED', format('the database cannot be reached from itself: %s', SQLERRM),
      format('See the options of the foreign server driveshaft, and the user mapping: %s', how));
END $$;
