/*
<pgmi-meta id="6f2a1d0c-7a52-4a5e-9f0e-1b6f3c2d4e07" idempotent="true">
  <description>The gateway</description>
  <sortKeys><key>400/010</key></sortKeys>
</pgmi-meta>
*/
CREATE OR REPLACE FUNCTION api.register(p_name text, p_method text, p_route text, p_implementation regprocedure,
                                        p_summary text, p_isolation text DEFAULT 'read committed',
                                        p_needs_key boolean DEFAULT true) RETURNS void
LANGUAGE sql AS $$
  INSERT INTO api.handler VALUES (
    p_name, p_method, p_route, '^' || regexp_replace(p_route, '\{[a-z_]+\}', '([^/]+)', 'g') || '$',
    ARRAY(SELECT m[1] FROM regexp_matches(p_route, '\{([a-z_]+)\}', 'g') AS m), p_implementation, p_summary, p_isolation,
    p_needs_key)
  ON CONFLICT (name) DO UPDATE SET method = EXCLUDED.method, route = EXCLUDED.route, pattern = EXCLUDED.pattern,
    parameters = EXCLUDED.parameters, implementation = EXCLUDED.implementation, summary = EXCLUDED.summary,
    isolation = EXCLUDED.isolation, needs_key = EXCLUDED.needs_key
$$;

-- Runs a handler for a member. The result is {"status", "body"}; races that were lost are the caller's to repeat.
CREATE OR REPLACE FUNCTION api.call(p_handler api.handler, p_member uuid, p_input jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  v_body jsonb;
BEGIN
  IF p_handler.needs_key AND p_member IS NULL THEN
    RETURN jsonb_build_object('status', 401, 'body', protocol.problem(401, 'An API key is needed'));
  END IF;
  IF protocol.isolation_rank(current_setting('transaction_isolation')) < protocol.isolation_rank(p_handler.isolation) THEN
    RETURN jsonb_build_object('status', 428, 'body', protocol.problem(428, 'Stronger transaction needed',
                                                                    'BEGIN ISOLATION LEVEL ' || upper(p_handler.isolation)));
  END IF;
  PERFORM set_config('app.member_id', coalesce(p_member::text, ''), true);
  EXECUTE format('SELECT %s($1)', p_handler.implementation::regproc) INTO v_body USING p_input;
  IF v_body IS NULL THEN
    RETURN jsonb_build_object('status', 404, 'body', protocol.problem(404, 'Not found'));
  END IF;
  RETURN jsonb_build_object('status', 200, 'body', v_body);
EXCEPTION
  WHEN serialization_failure OR deadlock_detected THEN RAISE;
  WHEN data_exception OR integrity_constraint_violation THEN
    RETURN jsonb_build_object('status', 422, 'body', protocol.problem(422, 'Not acceptable', SQLERRM));
  WHEN insufficient_privilege THEN
    RETURN jsonb_build_object('status', 403, 'body', protocol.problem(403, 'Not allowed'));
END $$;

CREATE OR REPLACE FUNCTION api.request(p_method text, p_path text, p_headers jsonb DEFAULT '{}', p_body jsonb DEFAULT NULL,
                                       OUT status integer, OUT headers jsonb, OUT body jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_handler api.handler;
  v_values text[];
  v_input jsonb := coalesce(p_body, '{}');
  v_answer jsonb;
BEGIN
  headers := '{"content-type": "application/json"}';
  SELECT * INTO v_handler FROM api.handler h WHERE h.method = p_method AND p_path ~ h.pattern ORDER BY h.name LIMIT 1;
  IF NOT FOUND THEN
    status := CASE WHEN EXISTS (SELECT FROM api.handler h WHERE p_path ~ h.pattern) THEN 405 ELSE 404 END;
    body := protocol.problem(status, 'There is no such route');
    RETURN;
  END IF;
  v_values := regexp_match(p_path, v_handler.pattern);
  FOR i IN 1 .. cardinality(v_handler.parameters) LOOP
    v_input := v_input || jsonb_build_object(v_handler.parameters[i], v_values[i]);
  END LOOP;
  v_answer := api.call(v_handler, membership.member_of_key(p_headers ->> 'x-api-key'), v_input);
  status := v_answer ->> 'status';
  body := v_answer -> 'body';
  IF status = 401 THEN headers := headers || '{"www-authenticate": "ApiKey"}'; END IF;
END $$;

-- JSON-RPC 2.0: the method is a handler's name, "key" among the parameters the API key.
CREATE OR REPLACE FUNCTION api.rpc(p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_handler api.handler;
  v_input jsonb := coalesce(p_request -> 'params', '{}');
  v_answer jsonb;
  v_reply jsonb := jsonb_build_object('jsonrpc', '2.0', 'id', p_request -> 'id');
BEGIN
  SELECT * INTO v_handler FROM api.handler h WHERE h.name = p_request ->> 'method';
  IF NOT FOUND THEN
    RETURN v_reply || '{"error": {"code": -32601, "message": "Method not found"}}';
  END IF;
  v_answer := api.call(v_handler, membership.member_of_key(v_input ->> 'key'), v_input - 'key');
  IF (v_answer ->> 'status')::integer = 200 THEN
    RETURN v_reply || jsonb_build_object('result', v_answer -> 'body');
  END IF;
  RETURN v_reply || jsonb_build_object('error', jsonb_build_object(
    'code', -32000, 'message', v_answer #>> '{body,title}', 'data', v_answer -> 'body'));
END $$;

-- The Model Context Protocol: every handler is a tool.
CREATE OR REPLACE FUNCTION api.mcp(p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_reply jsonb := jsonb_build_object('jsonrpc', '2.0', 'id', p_request -> 'id');
  v_answer jsonb;
BEGIN
  CASE p_request ->> 'method'
    WHEN 'initialize' THEN
      RETURN v_reply || jsonb_build_object('result', jsonb_build_object(
        'protocolVersion', '2025-06-18', 'capabilities', '{"tools": {}}'::jsonb,
        'serverInfo', '{"name": "{{PROJECT_NAME}}", "version": "0.1.0"}'::jsonb));
    WHEN 'ping' THEN
      RETURN v_reply || '{"result": {}}';
    WHEN 'tools/list' THEN
      RETURN v_reply || jsonb_build_object('result', jsonb_build_object('tools', (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
          'name', h.name, 'description', h.summary, 'inputSchema', '{"type": "object"}'::jsonb) ORDER BY h.name), '[]')
        FROM api.handler h)));
    WHEN 'tools/call' THEN
      v_answer := api.rpc(jsonb_build_object('method', p_request #> '{params,name}',
                                             'params', coalesce(p_request #> '{params,arguments}', '{}')));
      RETURN v_reply || jsonb_build_object('result', jsonb_build_object(
        'content', jsonb_build_array(jsonb_build_object('type', 'text', 'text', coalesce(v_answer -> 'result',
                                                                                          v_answer -> 'error')::text)),
        'isError', v_answer ? 'error'));
    ELSE
      RETURN v_reply || '{"error": {"code": -32601, "message": "Method not found"}}';
  END CASE;
END $$;

CREATE OR REPLACE FUNCTION api.openapi() RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT jsonb_build_object(
    'openapi', '3.1.0', 'info', '{"title": "{{PROJECT_NAME}}", "version": "0.1.0"}'::jsonb,
    'components', '{"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "x-api-key"}}}'::jsonb,
    'paths', coalesce(jsonb_object_agg(r.route, r.methods), '{}'))
  FROM (
    SELECT h.route, jsonb_object_agg(lower(h.method), jsonb_build_object(
      'operationId', h.name, 'summary', h.summary,
      'security', CASE WHEN h.needs_key THEN '[{"key": []}]'::jsonb ELSE '[]'::jsonb END,
      'parameters', (SELECT coalesce(jsonb_agg(jsonb_build_object('name', p, 'in', 'path', 'required', true,
                                                                  'schema', '{"type": "string"}'::jsonb)), '[]')
                     FROM unnest(h.parameters) AS p),
      'responses', '{"200": {"description": "done"}, "default": {"description": "a problem"}}'::jsonb)) AS methods
    FROM api.handler h GROUP BY h.route) r
$$;
