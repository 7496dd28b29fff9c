"""The JSON Schema of experiments: what editors are given."""

import json
import subprocess

import pytest
from servers.proxy_server import ROOT

#: The system's, which may have packages for this.
PYTHON = "/usr/bin/python3"
#: Reads a schema and YAML files; prints the faults of each, null for what is no YAML.
CHECK = """
import json, sys, yaml
from jsonschema import Draft7Validator
schema = json.load(open(sys.argv[1]))
Draft7Validator.check_schema(schema)
for each in sys.argv[2:]:
    try:
        document = yaml.safe_load(open(each, encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError):
        print("null")
        continue
    print(json.dumps([f"{list(fault.absolute_path)}: {fault.message[:300]}" for fault in
                      Draft7Validator(schema).iter_errors(document)]))
"""


@pytest.fixture(scope="module")
def schema(aconite):
    done = subprocess.run([aconite, "validate", "--schema"], capture_output=True, text=True,
                          timeout=60, check=True)
    return done.stdout


@pytest.fixture
def faults_of(tmp_path):
    """What python3-jsonschema has to say of files, by their names; None of one that is no YAML."""
    if subprocess.run([PYTHON, "-c", "import jsonschema, yaml"], stderr=subprocess.DEVNULL,
                      check=False).returncode != 0:
        reason = f"{PYTHON} has no jsonschema and yaml: nothing is checked against the schema"
        print(reason)
        pytest.skip(reason)

    def faults(schema, files):
        file = tmp_path / "schema.json"
        file.write_text(json.dumps(schema))
        done = subprocess.run([PYTHON, "-W", "ignore", "-c", CHECK, file, *files],
                              capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        found = [json.loads(line) for line in done.stdout.splitlines()]
        return {each.name: of_one for each, of_one in zip(files, found, strict=True)}
    return faults


def test_the_one_in_the_documentation_is_what_is_printed(schema):
    assert (ROOT / "docs/experiment.schema.json").read_text() == schema, \
        "write it anew: aconite validate --schema > docs/experiment.schema.json"


def test_each_key_is_described(schema):
    keys = json.loads(schema)["properties"]
    assert len(keys) > 15 and all(each["description"] for each in keys.values())


def test_all_examples_are_valid(schema, faults_of, examples):
    files = [each for each in examples.rglob("*.yaml")
             if each.name not in ("compose.yaml", "environment.yaml")]
    assert len(files) >= 25
    found = faults_of(json.loads(schema), files)
    assert {name: faults for name, faults in found.items() if faults != []} == {}


def test_a_file_for_with_is_valid_but_for_what_it_lacks(schema, faults_of, examples):
    part = json.loads(schema)
    del part["required"]
    file = examples / "cdc/environment.yaml"
    assert faults_of(part, [file]) == {file.name: []}


def test_most_wrong_files_are_not(schema, faults_of):
    found = faults_of(json.loads(schema), [*(ROOT / "tests/experiments/wrong").glob("*.yaml")])
    readable = {name: faults for name, faults in found.items() if faults is not None}
    valid = [name for name, faults in readable.items() if not faults]
    # What a schema cannot know: what names stand for, expressions, attributes of toxics.
    assert len(readable) > 100 and len(valid) < len(readable) / 2, valid
    assert not [name for name in valid if name.startswith(("key_of", "kind_", "two_", "no_"))]
