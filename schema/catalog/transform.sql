-- Transforms.
SELECT 'transform' AS kind, NULL AS schema,
       'for ' || format_type(t.trftype, NULL) || ' language ' || quote_ident(l.lanname) AS identity, NULL AS within,
       nullif(t.trffromsql::oid, 0)::regprocedure AS "from sql",
       nullif(t.trftosql::oid, 0)::regprocedure AS "to sql",
       (SELECT d.description FROM pg_description d
         WHERE d.classoid = 'pg_transform'::regclass AND d.objoid = t.oid AND d.objsubid = 0) AS comment
  FROM pg_transform t
  JOIN pg_language l ON l.oid = t.trflang
 WHERE t.oid >= 16384
   AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_transform'::regclass AND e.objid = t.oid AND e.deptype = 'e')
