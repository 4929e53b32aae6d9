-- Operator classes; what is in them is listed with their family.
SELECT 'operator class' AS kind, n.nspname AS schema,
       quote_ident(n.nspname) || '.' || quote_ident(c.opcname) || ' using ' || quote_ident(m.amname) AS identity,
       NULL AS within,
       quote_ident(fn.nspname) || '.' || quote_ident(f.opfname) AS family,
       format_type(c.opcintype, NULL) AS "for type",
       nullif(c.opcdefault, false)::text AS "default",
       CASE WHEN c.opckeytype <> 0 THEN format_type(c.opckeytype, NULL) END AS "stored type",
       pg_get_userbyid(c.opcowner) AS owner,
       (SELECT d.description FROM pg_description d
         WHERE d.classoid = 'pg_opclass'::regclass AND d.objoid = c.oid AND d.objsubid = 0) AS comment
  FROM pg_opclass c
  JOIN pg_namespace n ON n.oid = c.opcnamespace
  JOIN pg_am m ON m.oid = c.opcmethod
  JOIN pg_opfamily f ON f.oid = c.opcfamily
  JOIN pg_namespace fn ON fn.oid = f.opfnamespace
 WHERE c.oid >= 16384
   AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_opclass'::regclass AND e.objid = c.oid AND e.deptype = 'e')
