/*
<pgmi-meta id="6f2a1d0c-7a52-4a5e-9f0e-1b6f3c2d4e05" idempotent="true">
  <description>Who is asking, and what they see</description>
  <sortKeys><key>300/010</key></sortKeys>
</pgmi-meta>
*/
CREATE OR REPLACE FUNCTION membership.current_member() RETURNS uuid
LANGUAGE sql STABLE AS $$
  SELECT nullif(current_setting('app.member_id', true), '')::uuid
$$;

-- Beside the policies, which ask it: it must not be subject to them.
CREATE OR REPLACE FUNCTION membership.current_organisation() RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT organisation_id FROM membership.member WHERE id = membership.current_member()
$$;

ALTER TABLE membership.organisation ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership.member ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_organisation ON membership.organisation;
CREATE POLICY own_organisation ON membership.organisation USING (id = membership.current_organisation());
DROP POLICY IF EXISTS own_colleagues ON membership.member;
CREATE POLICY own_colleagues ON membership.member USING (organisation_id = membership.current_organisation());

-- The key is shown once; only its digest is kept.
CREATE OR REPLACE FUNCTION membership.create_api_key(p_member uuid) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  v_key text := encode(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()), 'hex');
BEGIN
  INSERT INTO internal.api_key (digest, member_id) VALUES (sha256(convert_to(v_key, 'UTF8')), p_member);
  RETURN v_key;
END $$;

CREATE OR REPLACE FUNCTION membership.member_of_key(p_key text) RETURNS uuid
LANGUAGE sql STABLE AS $$
  SELECT member_id FROM internal.api_key WHERE digest = sha256(convert_to(p_key, 'UTF8')) AND revoked_at IS NULL
$$;
