-- Subscriptions of this database, without their connection strings. Only a superuser may read all of this.
SELECT 'subscription' AS kind, NULL AS schema, quote_ident(s.subname) AS identity, NULL AS within,
       s.subenabled::text AS enabled,
       s.subslotname AS slot,
       s.subsynccommit AS "synchronous commit",
       (SELECT string_agg(o, ', ' ORDER BY o COLLATE "C") FROM unnest(s.subpublications) o) AS publications,
       s.subbinary AS binary,  -- since 14
       s.substream AS streaming,  -- since 14
       s.subtwophasestate AS "two phase",  -- since 15
       s.subdisableonerr AS "disable on error",  -- since 15
       s.subpasswordrequired AS "password required",  -- since 16
       s.subrunasowner AS "run as owner",  -- since 16
       s.suborigin AS origin,  -- since 16
       s.subfailover AS failover,  -- since 17
       pg_get_userbyid(s.subowner) AS owner,
       (SELECT d.description FROM pg_description d
         WHERE d.classoid = 'pg_subscription'::regclass AND d.objoid = s.oid AND d.objsubid = 0) AS comment
  FROM pg_subscription s
 WHERE s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
