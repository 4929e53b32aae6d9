-- Verify app-core:functions/touch_updated_at on pg

SELECT pg_catalog.has_function_privilege('app.touch_updated_at()', 'execute');
