DO $$
BEGIN
  ASSERT (SELECT sensor || ' ' || celsius FROM hottest()) = 'b 21', 'the highest reading of all';
  DELETE FROM reading WHERE sensor = 'b';
  ASSERT (SELECT sensor FROM hottest()) = 'a', 'and of what is left';
END $$;
