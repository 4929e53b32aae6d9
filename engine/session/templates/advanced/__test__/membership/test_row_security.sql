SELECT set_config('app.member_id', id::text, true) FROM membership.member WHERE email = 'ann@example.com';
SELECT set_config('role', current_setting('app.customer_role'), true);
DO $$
BEGIN
  ASSERT (SELECT string_agg(email, ',') FROM membership.member) = 'ann@example.com', 'colleagues only';
  ASSERT (SELECT count(*) FROM membership.organisation) = 1, 'and the own organisation';
  PERFORM 1 FROM internal.api_key;
  RAISE EXCEPTION 'keys can be read';
EXCEPTION WHEN insufficient_privilege THEN
  NULL;
END $$;
