-- What holds for every row of _pgmi_source. Said when the engine has filled it: checking its rows takes as long as loading
-- them, and it is others who could add wrong ones.
ALTER TABLE pg_temp._pgmi_source
  ADD CHECK (path LIKE './%' AND path !~ '\\|//|/__tests?__/') NOT VALID,
  ADD CHECK (name <> '' AND strpos(name, '/') = 0) NOT VALID,
  ADD CHECK (directory LIKE './%' AND right(directory, 1) = '/') NOT VALID,
  ADD CHECK (depth BETWEEN 0 AND 100) NOT VALID,
  ADD CHECK (size_bytes >= 0) NOT VALID,
  ADD CHECK (checksum ~ '^[0-9a-f]{32,64}$') NOT VALID,
  ADD CHECK (pgmi_checksum ~ '^[0-9a-f]{32,64}$') NOT VALID,
  ADD CHECK (NOT is_test_file) NOT VALID,
  ADD CHECK (path = directory || name) NOT VALID,
  ADD CHECK (cardinality(path_parts) = depth + 2) NOT VALID,
  ADD CHECK ((depth = 0) = (parent_folder_name IS NULL)) NOT VALID;
