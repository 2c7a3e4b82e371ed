-- The rectangles of a grid from `origin`, or 0 0, whose centers are in the box of a geometry, or on its left or lower
-- edge.
CREATE OR REPLACE FUNCTION cdb_crankshaft.cdb_rectanglegrid(ext geometry, width double precision,
  height double precision, origin geometry DEFAULT NULL) RETURNS SETOF geometry
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, :"postgis", pg_temp SET jit = off AS $$
DECLARE
  x float8 := coalesce(ST_X(origin), 0);
  y float8 := coalesce(ST_Y(origin), 0);
  number float8;
BEGIN
  IF NOT (least(width, height) > 0 AND greatest(width, height) < 'Infinity') THEN
    PERFORM driveshaft.refuse('INVALID_PARAMETER', format('width is %s and height %s', width, height),
      'Give sizes above 0, in units of the system of ext.');
  END IF;
  PERFORM cdb_crankshaft._check_system(ext, origin);
  number := (ST_XMax(ext) - ST_XMin(ext)) / width * ((ST_YMax(ext) - ST_YMin(ext)) / height);
  IF number > 1e7 THEN
    PERFORM driveshaft.refuse('INVALID_PARAMETER', format('%s rectangles of this width and height fill ext', number),
      'Give sizes of which at most 10,000,000 do.');
  END IF;
  -- a rectangle is i widths and j heights from the origin; its center half of one more
  RETURN QUERY
    SELECT ST_MakeEnvelope(x + width * i, y + height * j, x + width * (i + 1), y + height * (j + 1), ST_SRID(ext))
      FROM generate_series(ceil((ST_XMin(ext) - x) / width - 0.5)::bigint,
          ceil((ST_XMax(ext) - x) / width - 0.5)::bigint - 1) i,
        generate_series(ceil((ST_YMin(ext) - y) / height - 0.5)::bigint,
          ceil((ST_YMax(ext) - y) / height - 0.5)::bigint - 1) j
     ORDER BY i, j;
END $$;
