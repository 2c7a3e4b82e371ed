-- What a job cannot see of this transaction, where there may be something.
CREATE OR REPLACE FUNCTION cdb_crankshaft._unseen() RETURNS text
LANGUAGE sql STABLE BEGIN ATOMIC
  SELECT CASE WHEN pg_current_xact_id_if_assigned() IS NOT NULL
      OR EXISTS (SELECT FROM pg_class WHERE relnamespace = pg_my_temp_schema())
    THEN 'The analysis reads what has been committed: neither what this transaction has written, nor temporary tables.'
  END;
END;
