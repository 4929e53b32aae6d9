CREATE AGGREGATE avg2 (float8) (SFUNC = float8_accum, STYPE = float8[], FINALFUNC = float8_avg, INITCOND = '{0,0,0;}');
CREATE AGGREGATE old (BASETYPE = int, SFUNC = f, STYPE = int);
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY a), array_agg(DISTINCT b ORDER BY c), string_agg(d, ';' ORDER BY d) FROM t;
SELECT count(*) FILTER (WHERE a = ';') FROM t GROUP BY GROUPING SETS ((a), (b), ()); DROP AGGREGATE avg2(float8);
