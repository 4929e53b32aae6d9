-- Tables, partitioned tables and foreign tables: the whole. Columns, constraints, indexes, triggers, rules and policies
-- are objects of their own.
SELECT CASE c.relkind WHEN 'f' THEN 'foreign table' ELSE 'table' END AS kind,
       n.nspname AS schema,
       quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS identity,
       NULL AS within,
       CASE c.relpersistence WHEN 'u' THEN 'unlogged' END AS persistence,
       CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END AS "of type",
       CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS "partitioned by",
       (SELECT string_agg(i.inhparent::regclass::text, ', ' ORDER BY i.inhseqno)
          FROM pg_inherits i WHERE i.inhrelid = c.oid) AS inherits,
       CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END AS "partition bound",
       (SELECT 'pending' FROM pg_inherits i WHERE i.inhrelid = c.oid AND i.inhdetachpending) AS detach,  -- since 14
       m.amname AS "access method",
       s.spcname AS tablespace,
       CASE WHEN c.reloptions || t.reloptions IS NOT NULL THEN
            (SELECT string_agg(o, ', ' ORDER BY o COLLATE "C")
               FROM (SELECT unnest(c.reloptions) UNION ALL SELECT 'toast.' || unnest(t.reloptions)) all_options(o))
        END AS options,
       CASE c.relreplident WHEN 'f' THEN 'full' WHEN 'i' THEN 'index' WHEN 'n' THEN 'nothing' END AS "replica identity",
       CASE WHEN c.relrowsecurity THEN 'enabled' END AS "row security",
       CASE WHEN c.relforcerowsecurity THEN 'for the owner too' END AS "forced row security",
       (SELECT string_agg(r.tgname || ' ' || r.tgenabled, ', ' ORDER BY r.tgname COLLATE "C")
          FROM (SELECT regexp_replace(tgname::text, '_\d+$', '') || ' of ' || coalesce(k.conname, '') AS tgname, tgenabled::text
                  FROM pg_trigger
                  LEFT JOIN pg_constraint k ON k.oid = tgconstraint
                 WHERE tgrelid = c.oid AND tgisinternal AND tgenabled <> 'O') r) AS "disabled constraint triggers",
       f.srvname AS server,
       (SELECT string_agg(o, ', ' ORDER BY o COLLATE "C") FROM unnest(ft.ftoptions) o) AS "foreign options",
       pg_get_userbyid(c.relowner) AS owner,
       (SELECT coalesce(string_agg(g::text, ', ' ORDER BY g::text COLLATE "C"), 'none')
          FROM unnest(coalesce(c.relacl, acldefault('r', c.relowner))) g) AS grants,
       (SELECT d.description FROM pg_description d
         WHERE d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = 0) AS comment
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_am m ON m.oid = c.relam
  LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace
  LEFT JOIN pg_class t ON t.oid = c.reltoastrelid
  LEFT JOIN pg_foreign_table ft ON ft.ftrelid = c.oid
  LEFT JOIN pg_foreign_server f ON f.oid = ft.ftserver
 WHERE c.relkind IN ('r', 'p', 'f') AND c.oid >= 16384 AND c.relpersistence <> 't'
   AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
