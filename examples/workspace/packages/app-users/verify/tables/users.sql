-- Verify app-users:tables/users on pg

SELECT id, email, name, created_at, updated_at FROM app.users WHERE false;
SELECT 1 / count(*) FROM pg_catalog.pg_trigger
 WHERE tgrelid = 'app.users'::regclass AND tgname = 'users_touch_updated_at';
