-- Adds a point to the weighted sums of longitudes and latitudes, and to the sum of weights.
CREATE OR REPLACE FUNCTION cdb_crankshaft.cdb_weightedmeans(state numeric[], the_geom geometry, weight numeric)
  RETURNS numeric[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, :"postgis", pg_temp AS $$
BEGIN
  IF GeometryType(the_geom) <> 'POINT' OR ST_SRID(the_geom) NOT IN (0, 4326) THEN
    PERFORM driveshaft.refuse('INVALID_PARAMETER',
      format('the_geom is a %s of SRID %s', GeometryType(the_geom), ST_SRID(the_geom)),
      'Give points of SRID 4326: ST_Transform(ST_Centroid(the_geom), 4326).');
  END IF;
  -- what is NaN or infinite is not zero less itself; an empty point has no coordinates
  IF weight - weight = 0 AND ST_X(the_geom) - ST_X(the_geom) = 0 AND ST_Y(the_geom) - ST_Y(the_geom) = 0 THEN
    RETURN ARRAY[state[1] + ST_X(the_geom)::numeric * weight, state[2] + ST_Y(the_geom)::numeric * weight,
      state[3] + weight];
  END IF;
  RETURN state;
END $$;

-- The weighted mean; null where the weights sum to 0. crankshaft took the sums themselves for a place then.
CREATE OR REPLACE FUNCTION cdb_crankshaft.cdb_weightedmeanf(state numeric[]) RETURNS geometry
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT ST_SetSRID(ST_Point((state[1] / total)::double precision, (state[2] / total)::double precision), 4326)
    FROM (SELECT coalesce(nullif(state[3], 0), CASE WHEN cdb_crankshaft._bugs() THEN 1 END) AS total) t
   WHERE total IS NOT NULL;
END;

-- The mean of points, weighted. Rows without a place or a weight do not count.
CREATE OR REPLACE AGGREGATE cdb_crankshaft.cdb_weightedmean(the_geom geometry, weight numeric) (
  SFUNC = cdb_crankshaft.cdb_weightedmeans,
  STYPE = numeric[],
  FINALFUNC = cdb_crankshaft.cdb_weightedmeanf,
  INITCOND = '{0,0,0}',
  PARALLEL = SAFE
);
