/*
<pgmi-meta id="6f2a1d0c-7a52-4a5e-9f0e-1b6f3c2d4e08" idempotent="false">
  <description>Notes: where your own tables begin</description>
  <sortKeys><key>500/000</key></sortKeys>
</pgmi-meta>
*/
CREATE TABLE core.note (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  member_id uuid NOT NULL REFERENCES membership.member,
  text text NOT NULL CHECK (text <> ''),
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX note_text ON core.note USING gin (text public.gin_trgm_ops);
