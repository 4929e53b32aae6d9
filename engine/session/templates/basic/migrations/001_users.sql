CREATE TABLE IF NOT EXISTS app_user (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL UNIQUE CHECK (strpos(email, '@') > 1),
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
