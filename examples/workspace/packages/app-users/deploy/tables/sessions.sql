-- Deploy app-users:tables/sessions to pg
-- requires: tables/users

CREATE TABLE app.sessions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id bigint NOT NULL REFERENCES app.users ON DELETE CASCADE,
  expires_at timestamptz NOT NULL DEFAULT now() + interval '14 days'
);

CREATE INDEX sessions_user_id_idx ON app.sessions (user_id);
