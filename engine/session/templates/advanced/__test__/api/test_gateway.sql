DO $$
DECLARE
  v_answer record;
  v_headers jsonb := jsonb_build_object('x-api-key', current_setting('test.key'));
  v_id text;
BEGIN
  v_answer := api.request('POST', '/notes', '{}', '{"text": "hello"}');
  ASSERT v_answer.status = 401, 'no key, no note';
  v_answer := api.request('POST', '/notes', v_headers, '{"text": "hello"}');
  ASSERT v_answer.status = 200, v_answer.body::text;
  v_id := v_answer.body ->> 'id';
  v_answer := api.request('GET', '/notes/' || v_id, v_headers);
  ASSERT v_answer.body ->> 'text' = 'hello', 'a note can be read';
  v_answer := api.request('GET', '/notes/' || v_id, jsonb_build_object('x-api-key', current_setting('test.other_key')));
  ASSERT v_answer.status = 404, 'by its writer only';
  v_answer := api.request('POST', '/notes', v_headers, '{"text": ""}');
  ASSERT v_answer.status = 422, 'a note has a text';
  v_answer := api.request('DELETE', '/notes', v_headers);
  ASSERT v_answer.status = 405, 'notes stay';
  v_answer := api.request('GET', '/nothing', v_headers);
  ASSERT v_answer.status = 404, 'there is nothing there';
  v_answer := api.request('GET', '/notes', v_headers);
  ASSERT v_answer.status = 428, 'this one wants a stronger transaction';
  ASSERT (internal.dequeue('note_added')).payload ->> 'id' = v_id, 'a new note is announced';
END $$;
