-- Event triggers.
SELECT 'event trigger' AS kind, NULL AS schema, quote_ident(t.evtname) AS identity, NULL AS within,
       t.evtevent AS event,
       (SELECT string_agg(o, ', ' ORDER BY o COLLATE "C") FROM unnest(t.evttags) o) AS tags,
       t.evtfoid::regprocedure AS function,
       CASE t.evtenabled WHEN 'D' THEN 'false' WHEN 'R' THEN 'on replicas' WHEN 'A' THEN 'always' END AS enabled,
       pg_get_userbyid(t.evtowner) AS owner,
       (SELECT d.description FROM pg_description d
         WHERE d.classoid = 'pg_event_trigger'::regclass AND d.objoid = t.oid AND d.objsubid = 0) AS comment
  FROM pg_event_trigger t
 WHERE t.oid >= 16384
   AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_event_trigger'::regclass AND e.objid = t.oid AND e.deptype = 'e')
