-- Deploy app-users:functions/sign_in to pg
-- requires: tables/sessions

CREATE FUNCTION app.sign_in(user_email citext) RETURNS bigint
LANGUAGE sql AS $$
  INSERT INTO app.sessions (user_id)
  SELECT id FROM app.users WHERE email = user_email
  RETURNING id;
$$;
