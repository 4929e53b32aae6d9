-- Collations that can be used in this database. The provider's version is the machine's, not the script's.
SELECT 'collation' AS kind, n.nspname AS schema,
       quote_ident(n.nspname) || '.' || quote_ident(c.collname) AS identity,
       NULL AS within,
       CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'c' THEN 'libc' WHEN 'b' THEN 'builtin' ELSE 'default' END AS provider,
       CASE WHEN c.collencoding >= 0 THEN pg_encoding_to_char(c.collencoding) END AS encoding,
       c.collcollate AS "lc_collate",
       c.collctype AS "lc_ctype",
       c.colliculocale AS locale,  -- since 15, before 17
       c.colllocale AS locale,  -- since 17
       c.collicurules AS rules,  -- since 16
       c.collisdeterministic::text AS "deterministic",  -- since 12
       pg_get_userbyid(c.collowner) AS owner,
       (SELECT d.description FROM pg_description d
         WHERE d.classoid = 'pg_collation'::regclass AND d.objoid = c.oid AND d.objsubid = 0) AS comment
  FROM pg_collation c
  JOIN pg_namespace n ON n.oid = c.collnamespace
 WHERE c.oid >= 16384
   AND c.collencoding IN (-1, (SELECT encoding FROM pg_database WHERE datname = current_database()))
   AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_collation'::regclass AND e.objid = c.oid AND e.deptype = 'e')
