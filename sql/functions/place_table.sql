-- Puts a finished table in the place of its target: the old one goes, and what was attached to it passes on. As the invoker,
-- in the transaction that made the table. The caller sets a short lock_timeout and tries again.
CREATE OR REPLACE FUNCTION driveshaft.place_table(staging text, target text, overwrite boolean, note text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  marker CONSTANT text := 'Result of Driveshaft: ';
  fresh regclass := staging;
  standing regclass := to_regclass(target);
  name text := (parse_ident(target))[2];
  before text := (parse_ident(staging))[2];
  remark text;
  pending text[] := '{}';
  statement text;
BEGIN
  IF standing IS NOT NULL THEN
    PERFORM driveshaft.check_target(target, overwrite);
    -- nothing can be attached any more
    EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', target);
    PERFORM driveshaft.check_target(target, overwrite);
    pending := ARRAY(SELECT driveshaft.attachments(standing, fresh));
    remark := obj_description(standing, 'pg_class');
    EXECUTE format('DROP TABLE %s', target);
  END IF;
  EXECUTE format('ALTER TABLE %s RENAME TO %I', staging, name);
  -- the server names constraints, and the index of the key, after the first name of the table
  FOR statement IN
    SELECT format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', target, k.conname, renamed) FROM pg_constraint k,
           LATERAL (SELECT CASE k.contype WHEN 'p' THEN '_pkey' ELSE substr(k.conname, length(before) + 1) END AS ending) e,
           -- at most 63 bytes, as the server would
           LATERAL (SELECT left(name, greatest(1, 63 - octet_length(ending) - (octet_length(name) - length(name)))) || ending AS renamed) r
     WHERE k.conrelid = fresh AND k.contype IN ('p', 'n') AND starts_with(k.conname, before)
       AND NOT EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = k.connamespace AND c.relname = renamed)
  LOOP
    EXECUTE statement;
  END LOOP;
  FOREACH statement IN ARRAY pending LOOP
    EXECUTE statement;
  END LOOP;
  EXECUTE format('COMMENT ON TABLE %s IS %L', target, CASE WHEN starts_with(remark, marker) OR remark IS NULL THEN marker || note ELSE remark END);
END $$;

GRANT EXECUTE ON FUNCTION driveshaft.place_table TO PUBLIC;
