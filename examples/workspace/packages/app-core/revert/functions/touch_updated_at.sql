-- Revert app-core:functions/touch_updated_at from pg

DROP FUNCTION app.touch_updated_at();
