SELECT 'plain', 'it''s', '', '''', 'back\', 'a;b', 'two
lines;';
SELECT E'escaped \' quote; \\', e'\x41\u00e9\n', E'''', E'\'';
SELECT B'0101', X'1F'::text, N'national;';
SELECT 'first'
  'second;'

  'third';
SELECT E'first\''
'second\';' ;
SELECT U&'d\0061t\+000061;', U&'d!0061' UESCAPE '!';
