-- Verify hello:functions/greet on pg

DO $$
BEGIN
  ASSERT hello.greet('World') = 'Hello, World!', 'hello.greet says something else';
END
$$;
