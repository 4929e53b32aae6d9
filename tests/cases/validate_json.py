#!/usr/bin/python3
"""validate_json.py SCHEMA FILE...: each file against schema/json/SCHEMA.schema.json, by python3-jsonschema.

A file that ends in .jsonl is a line of JSON each. The schemas allow members that they do not know, because a later
version may add some; here nothing may be there that is not described.
"""
import json
import os
import sys

import jsonschema

FOLDER = os.path.join(os.environ["PGPM_SOURCE_DIR"], "schema", "json")


def closed(schema):
    """The same, without room for unknown members."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: closed(value) for key, value in schema.items()}
    if schema.get("type") == "object" and "additionalProperties" not in schema:
        result["additionalProperties"] = False
    return result


def load_schemas():
    schemas = {}
    for name in os.listdir(FOLDER):
        with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
            schemas[name] = closed(json.load(file))
        jsonschema.Draft202012Validator.check_schema(schemas[name])
    return schemas


def documents(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file] if path.endswith(".jsonl") else [json.load(file)]


def main():
    schemas = load_schemas()
    schema = schemas[sys.argv[1] + ".schema.json"]
    resolver = jsonschema.RefResolver("", schema, store=schemas)
    validator = jsonschema.Draft202012Validator(schema, resolver=resolver)
    failed = False
    for path in sys.argv[2:]:
        found = documents(path)
        for document in found:
            for error in validator.iter_errors(document):
                failed = True
                print(f"{path}: {error.json_path}: {error.message}")
        if not failed:
            print(f"{path} validates" + (f" ({len(found)} lines)" if path.endswith(".jsonl") else ""))
    return 1 if failed else 0


sys.exit(main())
