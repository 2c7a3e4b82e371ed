-- Voronoi cells of points, made in Web Mercator and clipped to the least circle around the points, whose radius grows
-- by the share `buffer`. Null for fewer than two different points.
CREATE OR REPLACE FUNCTION cdb_crankshaft.cdb_voronoi(geomin geometry[], buffer numeric DEFAULT 0.5,
  tolerance numeric DEFAULT 1e-9) RETURNS geometry
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, :"postgis", pg_temp SET jit = off AS $$
DECLARE
  points geometry;
  center geometry;
  circle geometry;
  cells geometry;
BEGIN
  PERFORM cdb_crankshaft._check_points(geomin);
  PERFORM cdb_crankshaft._check_range('buffer', buffer, 0, 100);
  PERFORM cdb_crankshaft._check_range('tolerance', tolerance, 0, 1e7);
  points := (SELECT ST_Collect(cdb_crankshaft._mercator(p)) FROM unnest(geomin) p);
  -- a polygon of 128 corners whose sides touch the circle, so that all points are inside
  SELECT c.center, ST_Buffer(c.center, c.radius * (1 + buffer::float8) / cos(pi() / 128), 32) INTO center, circle
    FROM ST_MinimumBoundingRadius(points) c WHERE c.radius > 0;
  IF circle IS NULL THEN
    RETURN NULL;
  END IF;
  IF ST_XMax(points) - ST_XMin(points) < (ST_YMax(points) - ST_YMin(points)) * 1e-6 THEN
    -- GEOS fails at points one above the other
    cells := ST_Rotate(ST_VoronoiPolygons(ST_Rotate(points, pi() / 2, center), tolerance::float8, circle), -pi() / 2,
      center);
  ELSE
    cells := ST_VoronoiPolygons(points, tolerance::float8, circle);
  END IF;
  RETURN (
    SELECT ST_ForceCollection(ST_Collect(ST_Transform(
        CASE WHEN ST_Covers(circle, c.geom) THEN c.geom ELSE ST_Intersection(c.geom, circle) END, 4326)))
      FROM ST_Dump(cells) c WHERE ST_Intersects(circle, c.geom));
END $$;
