-- Access methods.
SELECT 'access method' AS kind, NULL AS schema, quote_ident(m.amname) AS identity, NULL AS within,
       CASE m.amtype WHEN 'i' THEN 'index' ELSE 'table' END AS type,
       m.amhandler::oid::regprocedure AS handler,
       (SELECT d.description FROM pg_description d
         WHERE d.classoid = 'pg_am'::regclass AND d.objoid = m.oid AND d.objsubid = 0) AS comment
  FROM pg_am m
 WHERE m.oid >= 16384
   AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_am'::regclass AND e.objid = m.oid AND e.deptype = 'e')
