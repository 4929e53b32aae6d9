/*
<pgmi-meta id="6f2a1d0c-7a52-4a5e-9f0e-1b6f3c2d4e09" idempotent="true">
  <description>Handlers for notes</description>
  <sortKeys><key>500/010</key></sortKeys>
</pgmi-meta>
*/
CREATE OR REPLACE FUNCTION core.add_note(p_input jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  v_note core.note;
BEGIN
  INSERT INTO core.note (member_id, text) VALUES (membership.current_member(), p_input ->> 'text') RETURNING * INTO v_note;
  PERFORM internal.enqueue('note_added', jsonb_build_object('id', v_note.id));
  RETURN to_jsonb(v_note);
END $$;

CREATE OR REPLACE FUNCTION core.get_note(p_input jsonb) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT to_jsonb(n) FROM core.note n
  WHERE n.id = (p_input ->> 'id')::bigint AND n.member_id = membership.current_member()
$$;

CREATE OR REPLACE FUNCTION core.count_notes(p_input jsonb) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object('notes', count(*)) FROM core.note
$$;

SELECT api.register('add_note', 'POST', '/notes', 'core.add_note(jsonb)', 'write a note');
SELECT api.register('get_note', 'GET', '/notes/{id}', 'core.get_note(jsonb)', 'read a note of your own');
SELECT api.register('count_notes', 'GET', '/notes', 'core.count_notes(jsonb)', 'how many notes there are', 'repeatable read',
                    false);
