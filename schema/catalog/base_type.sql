-- Base types and shell types. Array types come and go with their element's type.
SELECT CASE WHEN t.typisdefined THEN 'base type' ELSE 'shell type' END AS kind, n.nspname AS schema,
       quote_ident(n.nspname) || '.' || quote_ident(t.typname) AS identity, NULL AS within,
       nullif(t.typinput, 0)::regprocedure AS input,
       nullif(t.typoutput, 0)::regprocedure AS output,
       nullif(t.typreceive, 0)::regprocedure AS receive,
       nullif(t.typsend, 0)::regprocedure AS send,
       nullif(t.typmodin, 0)::regprocedure AS "modifier input",
       nullif(t.typmodout, 0)::regprocedure AS "modifier output",
       nullif(t.typanalyze, 0)::regprocedure AS analyze,
       nullif(t.typsubscript, 0)::regprocedure AS subscript,  -- since 14
       t.typlen AS length,
       t.typbyval::text AS "by value",
       t.typalign AS alignment,
       t.typstorage AS storage,
       t.typcategory AS category,
       t.typispreferred::text AS preferred,
       t.typdefault AS "default",
       CASE WHEN t.typelem <> 0 THEN format_type(t.typelem, NULL) END AS element,
       t.typdelim AS delimiter,
       CASE WHEN t.typcollation <> 0 THEN 'true' END AS collatable,
       pg_get_userbyid(t.typowner) AS owner,
       (SELECT coalesce(string_agg(g::text, ', ' ORDER BY g::text COLLATE "C"), 'none')
          FROM unnest(coalesce(t.typacl, acldefault('T', t.typowner))) g) AS grants,
       (SELECT d.description FROM pg_description d
         WHERE d.classoid = 'pg_type'::regclass AND d.objoid = t.oid AND d.objsubid = 0) AS comment
  FROM pg_type t
  JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE (t.typtype = 'b' OR t.typtype = 'p') AND t.oid >= 16384
   AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
   AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid AND e.deptype = 'e')
