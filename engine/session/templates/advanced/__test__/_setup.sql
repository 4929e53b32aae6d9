WITH organisation AS (
  INSERT INTO membership.organisation (name) VALUES ('Test & Co'), ('Others') RETURNING id, name
)
INSERT INTO membership.member (organisation_id, email)
SELECT id, CASE name WHEN 'Others' THEN 'eve@example.com' ELSE 'ann@example.com' END FROM organisation;

SELECT set_config('test.key', membership.create_api_key(id), true) FROM membership.member WHERE email = 'ann@example.com';
SELECT set_config('test.other_key', membership.create_api_key(id), true) FROM membership.member
WHERE email = 'eve@example.com';
