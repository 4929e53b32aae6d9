DO $$
BEGIN
  ASSERT hello.greet('Welt', 'de') = 'Hallo, Welt!';
END $$;
