CREATE TABLE IF NOT EXISTS reading (
  sensor text NOT NULL,
  at timestamptz NOT NULL,
  celsius numeric NOT NULL CHECK (celsius > -273.15),
  PRIMARY KEY (sensor, at)
);
