/*
<pgmi-meta id="6f2a1d0c-7a52-4a5e-9f0e-1b6f3c2d4e01" idempotent="true">
  <description>What answers have in common</description>
  <sortKeys><key>100/000</key></sortKeys>
</pgmi-meta>
*/
-- Problems as RFC 7807 has them.
CREATE OR REPLACE FUNCTION protocol.problem(p_status integer, p_title text, p_detail text DEFAULT NULL) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_strip_nulls(jsonb_build_object('status', p_status, 'title', p_title, 'detail', p_detail))
$$;

CREATE OR REPLACE FUNCTION protocol.isolation_rank(p_level text) RETURNS integer
LANGUAGE sql IMMUTABLE AS $$
  SELECT array_position(ARRAY['read uncommitted', 'read committed', 'repeatable read', 'serializable'], p_level)
$$;
