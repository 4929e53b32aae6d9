SELECT '{"a": ";", "b": [1, 2]}'::jsonb -> 'a', data #>> '{b,0}', data @> '{"c": "\";"}', data ? 'k' FROM t;
SELECT jsonb_path_query(data, '$.a[*] ? (@.b == ";")'), data @? '$.x', data @@ '$.y > 1' FROM t;
UPDATE t SET data = jsonb_set(data, '{a}', '";"'), data['k'] = '1' WHERE data ?& array['a', ';'] AND NOT data ?| '{b}';
SELECT x.* FROM jsonb_to_recordset('[{"a":1}]') AS x(a int, b text), json_each('{}') WITH ORDINALITY;
