-- Extensions with version and schema. What belongs to one is not listed (but see member_grant).
SELECT 'extension' AS kind, NULL AS schema, quote_ident(x.extname) AS identity, NULL AS within,
       x.extversion AS version,
       n.nspname AS "in schema",
       pg_get_userbyid(x.extowner) AS owner,
       (SELECT d.description FROM pg_description d
         WHERE d.classoid = 'pg_extension'::regclass AND d.objoid = x.oid AND d.objsubid = 0) AS comment
  FROM pg_extension x
  JOIN pg_namespace n ON n.oid = x.extnamespace
