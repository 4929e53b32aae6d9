-- Verify app-users:functions/sign_in on pg

DO $$
BEGIN
  INSERT INTO app.users (email, name) VALUES ('Verify@Example.com', 'Verify');
  ASSERT app.sign_in('verify@example.com') IS NOT NULL, 'signing in must not depend on upper and lower case';
END
$$;
