-- Revert app-users:functions/sign_in from pg

DROP FUNCTION app.sign_in(citext);
