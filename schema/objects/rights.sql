-- Owner and rights of objects, and of their columns. $1: [{"classid": ..., "objid": ...}, ...].
SELECT w.classid, w.objid, i.identity, r.rolname AS owner, o.acl::text AS acl, o.letter, o.word,
       (SELECT jsonb_object_agg(a.attname, a.attacl::text) FROM pg_attribute AS a
        WHERE w.classid = 'pg_class'::regclass AND a.attrelid = w.objid AND a.attacl IS NOT NULL) AS column_acl
FROM jsonb_to_recordset($1::jsonb) AS w (classid oid, objid oid)
CROSS JOIN LATERAL pg_identify_object(w.classid, w.objid, 0) AS i
CROSS JOIN LATERAL (
  SELECT c.relowner AS owner, c.relacl AS acl, 'r' AS letter, CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END AS word
  FROM pg_class AS c WHERE w.classid = 'pg_class'::regclass AND c.oid = w.objid AND c.relkind IN ('v', 'm')
  UNION ALL
  SELECT p.proowner, p.proacl, 'f', 'ROUTINE' FROM pg_proc AS p WHERE w.classid = 'pg_proc'::regclass AND p.oid = w.objid
  UNION ALL
  SELECT t.typowner, t.typacl, 'T', 'TYPE' FROM pg_type AS t WHERE w.classid = 'pg_type'::regclass AND t.oid = w.objid
  UNION ALL
  SELECT p.oprowner, NULL, '', 'OPERATOR' FROM pg_operator AS p WHERE w.classid = 'pg_operator'::regclass AND p.oid = w.objid
) AS o
JOIN pg_roles AS r ON r.oid = o.owner
