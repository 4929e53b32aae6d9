-- Security labels, of whatever kind of object.
SELECT 'security label' AS kind, o.schema,
       quote_ident(l.provider) || ' on ' || o.type || ' ' || o.identity AS identity, NULL AS within,
       l.label
  FROM pg_seclabel l, pg_identify_object(l.classoid, l.objoid, l.objsubid) o
UNION ALL
SELECT 'security label', NULL, quote_ident(l.provider) || ' on the database', NULL, l.label
  FROM pg_shseclabel l
 WHERE l.classoid = 'pg_database'::regclass
   AND l.objoid = (SELECT oid FROM pg_database WHERE datname = current_database())
