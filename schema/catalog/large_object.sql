-- Large objects: how many each role owns.
SELECT 'large objects' AS kind, NULL AS schema, 'of ' || quote_ident(pg_get_userbyid(l.lomowner)) AS identity, NULL AS within,
       count(*) AS count
  FROM pg_largeobject_metadata l
 GROUP BY l.lomowner
