DO $$
DECLARE
  v_answer jsonb;
BEGIN
  v_answer := api.rpc(jsonb_build_object('jsonrpc', '2.0', 'id', 7, 'method', 'add_note', 'params',
                                         jsonb_build_object('key', current_setting('test.key'), 'text', 'by rpc')));
  ASSERT v_answer #>> '{result,text}' = 'by rpc' AND v_answer ->> 'id' = '7', v_answer::text;
  v_answer := api.rpc('{"jsonrpc": "2.0", "id": 8, "method": "nonsense"}');
  ASSERT v_answer #>> '{error,code}' = '-32601', v_answer::text;
  v_answer := api.mcp('{"jsonrpc": "2.0", "id": 1, "method": "tools/list"}');
  ASSERT v_answer #> '{result,tools}' @> '[{"name": "get_note"}]', v_answer::text;
  v_answer := api.mcp(jsonb_build_object('id', 2, 'method', 'tools/call', 'params', jsonb_build_object(
    'name', 'add_note', 'arguments', jsonb_build_object('text', 'no key'))));
  ASSERT (v_answer #>> '{result,isError}')::boolean, v_answer::text;
  ASSERT api.openapi() -> 'paths' ? '/notes/{id}', 'routes are documented';
END $$;
