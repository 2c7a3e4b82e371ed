-- Areal interpolation: the sum of a table's values, each by the share of its polygon the_geom that a polygon covers, in
-- the plane. Null where nothing overlaps. As the caller; a table without a schema is looked for in the caller's
-- search_path.
CREATE OR REPLACE FUNCTION cdb_crankshaft.cdb_overlap_sum(geom geometry, target_table_name text, target_column text,
  schema_name text DEFAULT NULL) RETURNS numeric
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
  polygon :"postgis".geometry := cdb_crankshaft._polygonal(geom);
  name pg_catalog.text := pg_catalog.concat_ws('.', pg_catalog.quote_ident(schema_name),
    pg_catalog.quote_ident(target_table_name));
  sample :"postgis".geometry;
  total pg_catalog.numeric;
BEGIN
  IF geom IS NULL OR target_table_name IS NULL OR target_column IS NULL THEN
    RETURN NULL;
  END IF;
  IF pg_catalog.to_regclass(name) IS NULL THEN
    PERFORM driveshaft.refuse('INVALID_PARAMETER', pg_catalog.format('target_table_name: there is no table %s', name),
      'Names are taken as they are written; the schema goes into schema_name.');
  END IF;
  EXECUTE pg_catalog.format('SELECT the_geom FROM %s WHERE the_geom IS NOT NULL LIMIT 1', name) INTO sample;
  PERFORM cdb_crankshaft._check_system(geom, sample);
  EXECUTE pg_catalog.format('SELECT pg_catalog.sum(%I::pg_catalog.numeric OPERATOR(pg_catalog.*)
    cdb_crankshaft._share_within(the_geom, $1)) FROM %s WHERE cdb_crankshaft._meets(the_geom, $1)',
    target_column, name) INTO total USING polygon;
  RETURN total;
END $$;
