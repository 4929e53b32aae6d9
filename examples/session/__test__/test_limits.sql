DO $$
BEGIN
  INSERT INTO reading VALUES ('a', '2024-02-01', -300);
  RAISE EXCEPTION 'colder than cold was taken';
EXCEPTION WHEN check_violation THEN
  NULL;
END $$;
