/*
<pgmi-meta id="6f2a1d0c-7a52-4a5e-9f0e-1b6f3c2d4e06" idempotent="false">
  <description>The registry of handlers</description>
  <sortKeys><key>400/000</key></sortKeys>
</pgmi-meta>
*/
CREATE TABLE api.handler (
  name text PRIMARY KEY CHECK (name ~ '^[a-z][a-z0-9_]*$'),
  method text NOT NULL CHECK (method IN ('GET', 'POST', 'PUT', 'PATCH', 'DELETE')),
  route text NOT NULL,                       -- /notes/{id}
  pattern text NOT NULL,                     -- the route as a regular expression
  parameters text[] NOT NULL,                -- {id}
  implementation regprocedure NOT NULL,      -- takes and returns jsonb
  summary text NOT NULL,
  isolation text NOT NULL DEFAULT 'read committed' CHECK (protocol.isolation_rank(isolation) IS NOT NULL),
  needs_key boolean NOT NULL DEFAULT true,
  UNIQUE (method, pattern)
);
