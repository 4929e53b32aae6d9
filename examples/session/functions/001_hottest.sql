CREATE OR REPLACE FUNCTION hottest() RETURNS TABLE (sensor text, celsius numeric)
LANGUAGE sql STABLE AS $$
  SELECT r.sensor, max(r.celsius) FROM reading r GROUP BY r.sensor ORDER BY 2 DESC LIMIT 1
$$;
