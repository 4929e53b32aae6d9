CREATE OR REPLACE FUNCTION upsert_user(p_email text, p_name text) RETURNS bigint
LANGUAGE sql AS $$
  INSERT INTO app_user (email, name) VALUES (lower(p_email), p_name)
  ON CONFLICT (email) DO UPDATE SET name = EXCLUDED.name
  RETURNING id
$$;

CREATE OR REPLACE FUNCTION find_user(p_email text) RETURNS app_user
LANGUAGE sql STABLE AS $$
  SELECT u.* FROM app_user u WHERE u.email = lower(p_email)
$$;

CREATE OR REPLACE FUNCTION delete_user(p_email text) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM app_user u WHERE u.email = lower(p_email);
  RETURN FOUND;
END $$;
