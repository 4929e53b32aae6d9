#!/bin/sh
# Fetches the eight published modules into extensions/@pgpm of the working directory. They are input, never kept here.
set -e
mkdir -p extensions/@pgpm packed
for spec in verify@0.20.0 base32@0.20.0 types@0.16.0 inflection@0.16.0 database-jobs@0.16.0 \
            metaschema-schema@0.16.3 services@0.16.3 metaschema-modules@0.16.4; do
  name=${spec%@*}
  (cd packed && npm pack --silent "@pgpm/$spec" >/dev/null)
  mkdir -p "extensions/@pgpm/$name"
  tar -xzf packed/pgpm-"$name"-*.tgz -C "extensions/@pgpm/$name" --strip-components=1
done
ls extensions/@pgpm
