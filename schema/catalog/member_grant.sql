-- Rights on what the server or an extension brought along, where they differ from those it came with: a script granted
-- or revoked something.
WITH granted AS (
  SELECT 'pg_class'::regclass AS class, c.oid, c.relnamespace AS schema, c.relacl AS acl,
         acldefault((CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END)::"char", c.relowner) AS by_default
    FROM pg_class c WHERE c.relkind IN ('r', 'v', 'm', 'S', 'f', 'p')
  UNION ALL SELECT 'pg_proc'::regclass, p.oid, p.pronamespace, p.proacl, acldefault('f', p.proowner) FROM pg_proc p
  UNION ALL SELECT 'pg_type'::regclass, t.oid, t.typnamespace, t.typacl, acldefault('T', t.typowner) FROM pg_type t
  UNION ALL SELECT 'pg_language'::regclass, l.oid, NULL, l.lanacl, acldefault('l', l.lanowner) FROM pg_language l
  UNION ALL SELECT 'pg_namespace'::regclass, n.oid, n.oid, n.nspacl, acldefault('n', n.nspowner) FROM pg_namespace n
             WHERE n.nspname <> 'public'
  UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, w.oid, NULL, w.fdwacl, acldefault('F', w.fdwowner)
              FROM pg_foreign_data_wrapper w),
changed AS (
  SELECT g.class, g.oid, coalesce(g.acl, g.by_default) AS now, coalesce(i.initprivs, g.by_default) AS originally
    FROM granted g
    LEFT JOIN pg_init_privs i ON i.classoid = g.class AND i.objoid = g.oid AND i.objsubid = 0
   WHERE g.acl IS DISTINCT FROM i.initprivs
     -- those of information_schema are not recorded when the cluster is made
     AND (g.oid < 16384 AND g.schema IS DISTINCT FROM 'information_schema'::regnamespace
          OR EXISTS (SELECT FROM pg_depend e
                      WHERE e.classid = g.class AND e.objid = g.oid AND e.deptype = 'e')))
SELECT 'grants on' AS kind, o.schema, o.type || ' ' || o.identity AS identity, NULL AS within,
       (SELECT coalesce(string_agg(g::text, ', ' ORDER BY g::text COLLATE "C"), 'none') FROM unnest(c.now) g) AS grants
  FROM changed c, pg_identify_object(c.class, c.oid, 0) o
 WHERE NOT (c.now @> c.originally AND c.originally @> c.now AND cardinality(c.now) = cardinality(c.originally))
