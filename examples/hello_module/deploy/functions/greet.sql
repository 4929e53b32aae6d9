-- Deploy hello:functions/greet to pg
-- requires: tables/greetings

CREATE FUNCTION hello.greet(name text, in_language text DEFAULT 'en') RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT greeting || ', ' || name || '!' FROM hello.greetings WHERE language = in_language;
$$;
