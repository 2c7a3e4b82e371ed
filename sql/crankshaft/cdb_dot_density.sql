-- Dots in a polygon, uniform by area. They come from random(), so setseed() repeats them.
CREATE OR REPLACE FUNCTION cdb_crankshaft.cdb_dot_density(geom geometry, no_points integer,
  max_iter_per_point integer DEFAULT 1000) RETURNS geometry
LANGUAGE plpgsql VOLATILE STRICT PARALLEL RESTRICTED SET search_path = pg_catalog, :"postgis", pg_temp AS $$
DECLARE
  polygon geometry := cdb_crankshaft._polygonal(geom);
BEGIN
  PERFORM cdb_crankshaft._check_range('no_points', no_points, 0, 10000000);
  IF no_points = 0 THEN
    RETURN ST_SetSRID(CAST('MULTIPOINT EMPTY' AS geometry), ST_SRID(geom));
  END IF;
  -- PostGIS makes cells for as many dots as the box would have
  IF no_points * ST_Area(ST_Envelope(polygon)) / ST_Area(polygon) > 5e7 THEN
    PERFORM driveshaft.refuse('INVALID_PARAMETER', format('no_points is %s, but the polygon fills only %s of its box',
        no_points, ST_Area(polygon) / ST_Area(ST_Envelope(polygon))),
      'Ask for fewer, or divide it first: ST_Subdivide.');
  END IF;
  RETURN ST_GeneratePoints(polygon, no_points, 1 + floor(random() * 2147483646)::integer);
END $$;
