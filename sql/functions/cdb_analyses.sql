-- The catalogue: every analysis with the JSON Schema of its parameters and the columns of its result.
CREATE OR REPLACE FUNCTION public.cdb_analyses()
RETURNS TABLE (name text, title text, description text, version integer, parameters jsonb, columns jsonb)
LANGUAGE sql STABLE BEGIN ATOMIC
  SELECT a.name, a.title, a.description, a.version, a.parameters, a.columns FROM driveshaft.analyses a ORDER BY a.name;
END;
