-- Deploy hello:tables/greetings to pg
-- requires: schema

CREATE TABLE hello.greetings (
  language text PRIMARY KEY,
  greeting text NOT NULL
);

INSERT INTO hello.greetings (language, greeting) VALUES
  ('en', 'Hello'),
  ('fr', 'Bonjour'),
  ('ja', 'こんにちは');
