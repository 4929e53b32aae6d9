/*
<pgmi-meta id="6f2a1d0c-7a52-4a5e-9f0e-1b6f3c2d4e04" idempotent="false">
  <description>Organisations, members and their keys</description>
  <sortKeys><key>300/000</key></sortKeys>
</pgmi-meta>
*/
CREATE TABLE membership.organisation (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL UNIQUE);
CREATE TABLE membership.member (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id uuid NOT NULL REFERENCES membership.organisation,
  email text NOT NULL UNIQUE CHECK (strpos(email, '@') > 1));
CREATE INDEX ON membership.member (organisation_id);
CREATE TABLE internal.api_key (
  digest bytea PRIMARY KEY,
  member_id uuid NOT NULL REFERENCES membership.member ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz);
