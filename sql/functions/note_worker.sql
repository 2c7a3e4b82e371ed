-- Notes that a worker was seen, and the roles that it serves; raises where it speaks another protocol. What stands
-- after a slash in its name tells its single runs apart.
CREATE OR REPLACE FUNCTION driveshaft.note_worker(protocol integer, worker text, roles name[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  spoken integer := (SELECT value FROM driveshaft.settings WHERE name = 'protocol');
BEGIN
  IF protocol IS DISTINCT FROM spoken THEN
    RAISE EXCEPTION USING errcode = 'DS002',
      message = format('the database speaks protocol %s, this worker %s', spoken, protocol);
  END IF;
  INSERT INTO driveshaft.workers AS w VALUES (split_part(worker, '/', 1), roles, clock_timestamp()) ON CONFLICT (name)
    DO UPDATE SET roles = excluded.roles, seen_at = excluded.seen_at WHERE w.roles <> excluded.roles
      OR w.seen_at < clock_timestamp() - interval '10 s';
END $$;
