-- Runs an analysis of a query's rows and returns the rows of its result as objects, each with the keys of the summary
-- that were asked for. The job is asked for over a second connection of the caller's role, since what this transaction
-- writes nobody else sees; so it reads what has been committed. An interruption here (statement_timeout, a cancel)
-- cancels the job.
CREATE OR REPLACE FUNCTION cdb_crankshaft._ask(analysis text, query text, params jsonb, keys text[] DEFAULT '{}',
  path text DEFAULT current_setting('search_path'))
RETURNS TABLE (answer jsonb, summary jsonb)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  link CONSTANT text := 'driveshaft ' || gen_random_uuid();
  job uuid;
  ended record;
  code text;
  message text;
  hint text;
BEGIN
  -- the connection must not stay behind: whoever comes next in this session could speak through it
  BEGIN
    PERFORM cdb_crankshaft._connect(link);
    PERFORM cdb_crankshaft._send(link, format(
      'SELECT set_config(''search_path'', %L, false), set_config(''TimeZone'', %L, false), current_user',
      path, current_setting('TimeZone')));
    SELECT * INTO ended FROM :"dblink".dblink_get_result(link) AS t (path text, zone text, role name);
    IF ended.role <> current_user THEN
      PERFORM driveshaft.refuse('ACCESS_DENIED',
        format('the user mapping of %s logs in as %s', current_user, ended.role),
        format('ALTER USER MAPPING FOR %I SERVER driveshaft OPTIONS (SET user %L, SET password ...)', current_user,
          current_user));
    END IF;
    PERFORM cdb_crankshaft._drain(link);
    PERFORM cdb_crankshaft._send(link, format(
      'INSERT INTO driveshaft.jobs (analysis, query, params, answer) VALUES (%L, %L, %L, true) RETURNING id',
      analysis, query, params));
    SELECT t.id INTO job FROM :"dblink".dblink_get_result(link) AS t (id uuid);
    PERFORM cdb_crankshaft._drain(link);
    PERFORM cdb_crankshaft._send(link, format('SELECT * FROM driveshaft.await_job(%L)', job));
    SELECT * INTO ended FROM :"dblink".dblink_get_result(link)
      AS t (state text, error_code text, error_message text, error_hint text);
    PERFORM cdb_crankshaft._drain(link);
    IF ended.state <> 'ready' THEN
      PERFORM driveshaft.refuse(
        CASE ended.state WHEN 'unserved' THEN 'NO_WORKER' WHEN 'canceled' THEN 'CANCELED' ELSE ended.error_code END,
        CASE ended.state WHEN 'unserved' THEN format('no worker serves %s', current_user)
          WHEN 'canceled' THEN format('job %s was canceled', job) ELSE ended.error_message END,
        CASE ended.state WHEN 'unserved' THEN 'Start one with driveshaft worker.' ELSE ended.error_hint END);
    END IF;
    PERFORM cdb_crankshaft._send(link, format(
      'WITH receipt AS (INSERT INTO driveshaft.receipts (job) VALUES (%1$L)) '
      'SELECT r.value, k.summary '
      'FROM driveshaft.answers a, jsonb_array_elements(a.rows) WITH ORDINALITY r (value, place), '
      '(SELECT jsonb_object_agg(key, j.summary->key) AS summary FROM driveshaft.jobs j, unnest(%2$L::text[]) key '
      'WHERE j.id = %1$L) k WHERE a.job = %1$L ORDER BY part, place', job, keys));
    RETURN QUERY SELECT * FROM :"dblink".dblink_get_result(link) AS t (answer jsonb, summary jsonb);
    PERFORM :"dblink".dblink_disconnect(link);
  EXCEPTION
    WHEN query_canceled THEN
      PERFORM cdb_crankshaft._give_up(link, job);
      RAISE;
    WHEN OTHERS THEN
      GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
      PERFORM cdb_crankshaft._give_up(link, job);
      RAISE EXCEPTION USING errcode = code, message = message,
        hint = concat_ws(' ', nullif(hint, ''), cdb_crankshaft._unseen());
  END;
END $$;
