-- Deploy x to pg

BEGIN;

CREATE TABLE a (
  b text DEFAULT 'x
;' -- remark;
);
SELECT $$
;
$$;

COMMIT;
