"""The server's own description of its API, and whether the server does what it says."""

import json
import os
import pathlib

import pytest

from compat_kit.installs import python_with, run

HERE = pathlib.Path(__file__).resolve().parent
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE")
ANY_METHOD = "/metrics"


@pytest.fixture(scope="module")
def python():
    return python_with("openapi", HERE / "requirements.txt")


@pytest.fixture
def whole_server(start):
    return start("-proxy-metrics", "-runtime-metrics")


def document_of(server) -> dict:
    answer = server.api.get("/openapi.json")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    return answer.json()


def test_the_document_is_by_openapis_own_schema(whole_server, python, tmp_path):
    document = document_of(whole_server)
    assert document["openapi"] == "3.1.0"
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(document))
    said = run(python, "-m", "openapi_spec_validator", "--schema", "3.1", file)
    assert said.endswith(": OK\n")


def test_a_method_that_is_not_listed_is_405_without_allow(whole_server):
    for path, listed in document_of(whole_server)["paths"].items():
        if path == ANY_METHOD:
            continue
        named = path.replace("{", "a").replace("}", "")
        for method in METHODS:
            if method.lower() in listed:
                continue
            answer = whole_server.api.request(method, named)
            assert (answer.status, answer.body, answer.headers["Allow"]) == (405, b"", None), path


def test_without_extras_there_is_no_document(start):
    api = start("-no-extras").api
    assert api.get("/openapi.json").status == 404
    assert api.get("/toxic-types").status == 404


@pytest.mark.slow
def test_generated_requests_are_answered_as_promised(whole_server, python, tmp_path):
    url = f"http://127.0.0.1:{whole_server.port}"
    run(
        python, "-m", "schemathesis.cli", "--config-file", HERE / "schemathesis.toml",
        "run", f"{url}/openapi.json",
        cwd=tmp_path,
        env={
            **os.environ, "ACONITE_URL": url, "NO_PROXY": "*", "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": str(HERE), "SCHEMATHESIS_HOOKS": "hooks",
        },
    )
    assert whole_server.alive()
