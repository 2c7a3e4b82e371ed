-- The pole of inaccessibility of a polygon: the place inside that is farthest from its boundary, in Web Mercator, found
-- to `tolerance` meters (or a hundred-thousandth of its extent, if that is more) by quartering squares that may yet
-- have a better one (Agafonkin 2016). The longitude and latitude of it.
CREATE OR REPLACE FUNCTION cdb_crankshaft.cdb_pia(polygon geometry, tolerance numeric DEFAULT 1.0) RETURNS geometry
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, :"postgis", pg_temp SET jit = off AS $$
DECLARE
  area geometry := cdb_crankshaft._polygonal(cdb_crankshaft._mercator(polygon));
  boundary geometry := ST_Boundary(area);
  width float8 := ST_XMax(area) - ST_XMin(area);
  height float8 := ST_YMax(area) - ST_YMin(area);
  enough float8 := greatest(tolerance::float8, greatest(width, height) / 1e5);
  -- the squares' half side, and their centers
  half float8 := greatest(least(width, height), greatest(width, height) / 1000) / 2;
  squares geometry[];
  pole geometry := ST_PointOnSurface(area);
  farthest float8 := ST_Distance(boundary, pole);
BEGIN
  PERFORM cdb_crankshaft._check_range('tolerance', tolerance, 0, 1e7);
  squares := ARRAY(
    SELECT ST_SetSRID(ST_Point(ST_XMin(area) + half * (2 * i + 1), ST_YMin(area) + half * (2 * j + 1)), 3857)
      FROM generate_series(0, ceil(width / half / 2)::integer) i,
        generate_series(0, ceil(height / half / 2)::integer) j);
  WHILE squares <> '{}' LOOP
    WITH reached AS MATERIALIZED (
      SELECT c AS center, CASE WHEN ST_Intersects(area, c) THEN 1 ELSE -1 END * ST_Distance(boundary, c) AS distance
        FROM unnest(squares) c
    ), best AS MATERIALIZED (
      SELECT center, distance FROM reached ORDER BY distance DESC, ST_X(center), ST_Y(center) LIMIT 1
    )
    SELECT CASE WHEN b.distance > farthest THEN b.center ELSE pole END, greatest(farthest, b.distance),
        ARRAY(SELECT ST_Translate(r.center, dx, dy)
          FROM reached r, (VALUES (-half / 2), (half / 2)) x (dx), (VALUES (-half / 2), (half / 2)) y (dy)
         WHERE r.distance + half * sqrt(2) > greatest(farthest, b.distance) + enough)
      INTO pole, farthest, squares FROM best b;
    half := half / 2;
  END LOOP;
  RETURN ST_Transform(pole, 4326);
END $$;
