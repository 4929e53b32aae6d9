-- A test raises an error when something is wrong; what it writes is rolled back.
DO $$
BEGIN
  ASSERT hello.greet('World') = 'Hello, World!', 'English is the default';
  ASSERT hello.greet('World', 'xx') IS NULL, 'an unknown language has no greeting';
END $$;
