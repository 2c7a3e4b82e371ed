-- Upper edges (lower ones where `invert`) of natural breaks: the classes with the least sum of squares within, by
-- Fisher's algorithm (1958) for up to 5,000 different values; more are first put together into 5,000 groups of
-- neighbors with about equal numbers. Where there are fewer values than classes, the values. `iterations` has no part
-- in it.
CREATE OR REPLACE FUNCTION cdb_crankshaft.cdb_jenksbins(in_array numeric[], breaks integer,
  iterations integer DEFAULT 5, invert boolean DEFAULT false) RETURNS numeric[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
  -- of each group, in ascending order
  lows numeric[];
  highs numeric[];
  -- from 0 on, of all before a group: how many values, their sum and sum of squares, about the mean
  counts float8[];
  sums float8[];
  squares float8[];
  n integer;
  classes integer;
  -- of the first groups: their least sum of squares in as many classes as so far, and in one more
  fewer float8[];
  more float8[];
  -- of each number of classes and of first groups, where the last class starts; row after row
  starts integer[];
  base integer := 0;
  stride integer;
  last integer;
  earliest integer;
  latest integer;
  best integer;
  smallest float8;
  within float8;
  edges numeric[] := '{}';
BEGIN
  WITH items AS (
    SELECT v AS value, count(*) AS times, sum(count(*)) OVER (ORDER BY v) AS up_to, sum(count(*)) OVER () AS total,
        row_number() OVER (ORDER BY v) AS rank, count(*) OVER () AS different
      FROM unnest(cdb_crankshaft._values(in_array, breaks)) v GROUP BY v
  ), about AS (
    SELECT sum(times * value) / sum(times) AS mean, nullif(max(value) - min(value), 0) AS extent FROM items
  ), groups AS (
    SELECT min(value) AS low, max(value) AS high, sum(times) AS count, sum(times * d.deviation) AS sum,
        sum(times * d.deviation ^ 2) AS square
      FROM items, about, LATERAL (SELECT coalesce((value - mean) / extent, 0)::float8 AS deviation) d
     GROUP BY CASE WHEN different <= 5000 THEN rank ELSE ceil(up_to * 5000 / total) END
  )
  SELECT array_agg(low ORDER BY low), array_agg(high ORDER BY low), 0::float8 || array_agg(c::float8 ORDER BY low),
      0::float8 || array_agg(s ORDER BY low), 0::float8 || array_agg(q ORDER BY low), count(*)
    INTO lows, highs, counts, sums, squares, n
    FROM (SELECT low, high, sum(count) OVER w AS c, sum(sum) OVER w AS s, sum(square) OVER w AS q
            FROM groups WINDOW w AS (ORDER BY low)) g;
  classes := least(breaks, n);
  FOR i IN 1..n LOOP
    fewer[i] := squares[i + 1] - sums[i + 1] ^ 2 / counts[i + 1];
  END LOOP;
  FOR class IN 2..classes LOOP
    -- a longer first part never has its last class start earlier: halving strides, each start lies between two known
    stride := 2 ^ floor(log(2, n));
    WHILE stride > 0 LOOP
      last := stride;
      WHILE last <= n LOOP
        earliest := greatest(class, starts[base + last - stride]);
        latest := least(last, starts[base + last + stride]);
        IF last - stride < 1 THEN
          earliest := class;
        END IF;
        IF last + stride > n THEN
          latest := last;
        END IF;
        smallest := 'Infinity';
        best := class;
        FOR start IN earliest..latest LOOP
          within := fewer[start - 1] + squares[last + 1] - squares[start]
            - (sums[last + 1] - sums[start]) ^ 2 / (counts[last + 1] - counts[start]);
          IF within < smallest THEN
            smallest := within;
            best := start;
          END IF;
        END LOOP;
        more[last] := smallest;
        starts[base + last] := best;
        last := last + 2 * stride;
      END LOOP;
      stride := stride / 2;
    END LOOP;
    fewer := more;
    base := base + n;
  END LOOP;
  last := n;
  FOR class IN REVERSE classes..1 LOOP
    base := base - n;
    best := CASE WHEN class > 1 THEN starts[base + last] ELSE 1 END;
    edges := CASE WHEN invert THEN lows[best] ELSE highs[last] END || edges;
    last := best - 1;
  END LOOP;
  RETURN nullif(edges, '{}');
END $$;
