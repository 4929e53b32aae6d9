-- Verify app-users:tables/sessions on pg

SELECT id, user_id, expires_at FROM app.sessions WHERE false;
SELECT 'app.sessions_user_id_idx'::regclass;
