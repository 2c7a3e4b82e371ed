-- The chance that a standard normal number is larger than z, z at least 0: by the series for the rest near 0, by the
-- continued fraction of Laplace beyond (Abramowitz and Stegun 1964, 26.2.11 and 26.2.14).
CREATE OR REPLACE FUNCTION cdb_crankshaft._upper_tail(z double precision) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  density CONSTANT double precision := exp(-0.5 * z * z) / sqrt(2 * pi());
  term double precision := z;
  total double precision := z;
BEGIN
  IF z < 3 THEN
    FOR i IN 1..60 LOOP
      term := term * z * z / (2 * i + 1);
      total := total + term;
    END LOOP;
    RETURN 0.5 - density * total;
  END IF;
  total := z;
  FOR i IN REVERSE 60..1 LOOP
    total := z + i / total;
  END LOOP;
  RETURN density / total;
END $$;
