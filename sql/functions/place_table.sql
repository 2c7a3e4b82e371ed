-- Puts a finished table in the place of its target: the old one goes, and what was attached to it passes on. As the
-- invoker, in the transaction that made the table. The caller sets a short lock_timeout and tries again.
CREATE OR REPLACE FUNCTION driveshaft.place_table(staging text, target text, overwrite boolean, note text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  marker CONSTANT text := 'Result of Driveshaft: ';
  fresh regclass := staging;
  standing regclass := to_regclass(target);
  name text := (parse_ident(target))[2];
  before text := (parse_ident(staging))[2];
  remark text;
  missing text;
  pending text[] := '{}';
  statement text;
BEGIN
  IF standing IS NOT NULL THEN
    PERFORM driveshaft.check_target(target, overwrite);
    -- nothing can be attached any more
    EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', target);
    PERFORM driveshaft.check_target(target, overwrite);
    -- an expression on a column of another type would be another expression, with casts that anybody may have made
    SELECT string_agg(DISTINCT pg_describe_object('pg_class'::regclass, i.indexrelid, 0), ', ') INTO missing
      FROM pg_index i JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid
        AND d.refobjid = standing AND d.refobjsubid > 0
      JOIN pg_attribute a ON a.attrelid = standing AND a.attnum = d.refobjsubid
      LEFT JOIN pg_attribute b ON b.attrelid = fresh AND b.attname = a.attname
     WHERE i.indrelid = standing AND (b.attnum IS NULL OR b.atttypid <> a.atttypid
       AND (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL));
    IF missing IS NOT NULL THEN
      PERFORM driveshaft.refuse('TARGET_IN_USE',
        format('the target %s cannot be replaced, since the new table has not the columns of: %s', target, missing),
        'Drop the index first, or carry the column along, of the type that it has.');
    END IF;
    pending := ARRAY(SELECT driveshaft.attachments(standing, fresh));
    remark := obj_description(standing, 'pg_class');
    EXECUTE format('DROP TABLE %s', target);
  END IF;
  EXECUTE format('ALTER TABLE %s RENAME TO %I', staging, name);
  -- the server names constraints, and the index of the key, after the first name of the table
  FOR statement IN
    SELECT format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', target, k.conname, renamed) FROM pg_constraint k,
           LATERAL (SELECT CASE k.contype WHEN 'p' THEN '_pkey'
             ELSE substr(k.conname, length(before) + 1) END AS ending) e,
           -- at most 63 bytes, as the server would
           LATERAL (SELECT left(name, greatest(1, 63 - octet_length(ending) - (octet_length(name) - length(name))))
             || ending AS renamed) r
     WHERE k.conrelid = fresh AND k.contype IN ('p', 'n') AND starts_with(k.conname, before)
       AND NOT EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = k.connamespace AND c.relname = renamed)
  LOOP
    EXECUTE statement;
  END LOOP;
  FOREACH statement IN ARRAY pending LOOP
    EXECUTE statement;
  END LOOP;
  EXECUTE format('COMMENT ON TABLE %s IS %L', target, CASE WHEN starts_with(remark, marker) OR remark IS NULL
    THEN marker || note ELSE remark END);
END $$;

GRANT EXECUTE ON FUNCTION driveshaft.place_table TO PUBLIC;
