-- Range types, each with its multirange type.
SELECT 'range' AS kind, n.nspname AS schema,
       quote_ident(n.nspname) || '.' || quote_ident(t.typname) AS identity, NULL AS within,
       format_type(r.rngsubtype, NULL) AS subtype,
       (SELECT quote_ident(o.nspname) || '.' || quote_ident(k.opcname)
          FROM pg_opclass k JOIN pg_namespace o ON o.oid = k.opcnamespace WHERE k.oid = r.rngsubopc) AS "operator class",
       (SELECT quote_ident(o.nspname) || '.' || quote_ident(l.collname)
          FROM pg_collation l JOIN pg_namespace o ON o.oid = l.collnamespace
         WHERE l.oid = r.rngcollation) AS collation,
       nullif(r.rngcanonical, 0)::regprocedure AS canonical,
       nullif(r.rngsubdiff, 0)::regprocedure AS "subtype difference",
       format_type(r.rngmultitypid, NULL) AS multirange,  -- since 14
       pg_get_userbyid(t.typowner) AS owner,
       (SELECT coalesce(string_agg(g::text, ', ' ORDER BY g::text COLLATE "C"), 'none')
          FROM unnest(coalesce(t.typacl, acldefault('T', t.typowner))) g) AS grants,
       (SELECT d.description FROM pg_description d
         WHERE d.classoid = 'pg_type'::regclass AND d.objoid = t.oid AND d.objsubid = 0) AS comment
  FROM pg_range r
  JOIN pg_type t ON t.oid = r.rngtypid
  JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE t.oid >= 16384
   AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid AND e.deptype = 'e')
