CREATE TEXT SEARCH CONFIGURATION c (COPY = pg_catalog.english);
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = snowball, Language = 'english', StopWords = 'a;b');
ALTER TEXT SEARCH CONFIGURATION c ALTER MAPPING FOR asciiword WITH d, simple;
SELECT to_tsvector('a;b') @@ 'x & !y'::tsquery, ts_headline('a', q) FROM to_tsquery('c <-> d') q;
CREATE STATISTICS s (ndistinct, dependencies) ON a, (b || ';') FROM t;
CREATE OPERATOR CLASS o DEFAULT FOR TYPE t USING btree AS OPERATOR 1 <, OPERATOR 2 <= (t, t), FUNCTION 1 cmp(t, t);
