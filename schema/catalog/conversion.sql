-- Conversions between encodings.
SELECT 'conversion' AS kind, n.nspname AS schema,
       quote_ident(n.nspname) || '.' || quote_ident(c.conname) AS identity, NULL AS within,
       pg_encoding_to_char(c.conforencoding) AS "from",
       pg_encoding_to_char(c.contoencoding) AS "to",
       c.conproc::oid::regprocedure AS function,
       nullif(c.condefault, false)::text AS "default",
       pg_get_userbyid(c.conowner) AS owner,
       (SELECT d.description FROM pg_description d
         WHERE d.classoid = 'pg_conversion'::regclass AND d.objoid = c.oid AND d.objsubid = 0) AS comment
  FROM pg_conversion c
  JOIN pg_namespace n ON n.oid = c.connamespace
 WHERE c.oid >= 16384
   AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_conversion'::regclass AND e.objid = c.oid AND e.deptype = 'e')
