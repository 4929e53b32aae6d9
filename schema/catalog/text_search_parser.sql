-- Text search parsers.
SELECT 'text search parser' AS kind, n.nspname AS schema,
       quote_ident(n.nspname) || '.' || quote_ident(p.prsname) AS identity, NULL AS within,
       nullif(p.prsstart::oid, 0)::regprocedure AS start,
       nullif(p.prstoken::oid, 0)::regprocedure AS "next token",
       nullif(p.prsend::oid, 0)::regprocedure AS "end",
       nullif(p.prsheadline::oid, 0)::regprocedure AS headline,
       nullif(p.prslextype::oid, 0)::regprocedure AS "token types",
       (SELECT d.description FROM pg_description d
         WHERE d.classoid = 'pg_ts_parser'::regclass AND d.objoid = p.oid AND d.objsubid = 0) AS comment
  FROM pg_ts_parser p
  JOIN pg_namespace n ON n.oid = p.prsnamespace
 WHERE p.oid >= 16384
   AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_ts_parser'::regclass AND e.objid = p.oid AND e.deptype = 'e')
