"""`aconite init` writes experiments that can be run as they are."""

import json
import subprocess

import pytest
from servers.ports import reserve_port
from servers.postgres_server import PostgresServer

COMPOSE = """
name: Shop 1
x-base: &base
  restart: always
  ports: ["127.0.0.1:${WEB_PORT:-8080}:80"]
services:
  web:
    <<: *base
    image: nginx
    healthcheck: {test: ["CMD-SHELL", "curl -f http://localhost/health || exit 1"]}
  job-runner:
    build: .
    container_name: runner
    ports: ["9000-9010:9000-9010", "53:53/udp"]
  db:
    image: postgres:17
    ports:
      - {target: 5432, published: "15432", host_ip: 0.0.0.0}
    healthcheck: {test: ["CMD", "pg_isready"]}
  web-2: {image: nginx, ports: ["8081:80"]}
  web_2: {image: nginx, ports: ["8082:80"]}
volumes:
  data: !reset {}
"""


def init(aconite, *arguments, folder, server="http://127.0.0.1:1"):
    return subprocess.run([aconite, "init", *arguments, "--server", server], cwd=folder,
                          capture_output=True, text=True, timeout=60, check=False)


def valid(aconite, file, *options):
    done = subprocess.run([aconite, "validate", file, *options], capture_output=True, text=True,
                          timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("kind", ["redis", "postgres", "kafka"])
def test_what_is_printed_is_valid(aconite, tmp_path, kind):
    done = init(aconite, kind, folder=tmp_path)
    assert done.returncode == 0 and "the usual ports are written" in done.stderr
    assert "@" not in done.stdout.replace("}@$", "")  # every mark is filled in
    assert ("protocol: kafka}" in done.stdout) == (kind == "kafka")
    (tmp_path / "first.yaml").write_text(done.stdout)
    valid(aconite, tmp_path / "first.yaml")
    told = subprocess.run([aconite, "run", "--dry-run", tmp_path / "first.yaml"], timeout=60,
                          capture_output=True, text=True, check=True).stdout
    assert "  expected: " in told and "\\n" not in told  # a block text of YAML ends with a line


def test_no_file_is_written_over(aconite, tmp_path):
    file = tmp_path / "first.yaml"
    assert init(aconite, "redis", "-o", file, folder=tmp_path).returncode == 0
    before = file.read_text()
    valid(aconite, file)
    done = init(aconite, "postgres", "-o", file, folder=tmp_path)
    assert done.returncode == 3 and f"{file}: File exists" in done.stderr
    assert file.read_text() == before


def test_what_there_is_no_first_experiment_for(aconite, tmp_path):
    done = init(aconite, "oracle", folder=tmp_path)
    assert done.returncode == 2 and "oracle" in done.stderr


def test_services_of_a_compose_file(aconite, tmp_path):
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    done = init(aconite, "compose", "-o", "first.yaml", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    valid(aconite, tmp_path / "first.yaml")
    lines = (tmp_path / "first.yaml").read_text().splitlines()
    for line in ('  "web": {container: "shop1-web-1"}', '  "job-runner": {container: "runner"}',
                 '  "db": {container: "shop1-db-1"}', '  db: {tcp: "127.0.0.1:15432"}',
                 '  web: {http: "http://127.0.0.1:8080/health", expect_status: 200}',
                 '  web_2: {tcp: "127.0.0.1:8081"}', '  web_2_: {tcp: "127.0.0.1:8082"}',
                 '      - {kill: "db"}', '      - {start: "db"}'):
        assert line in lines
    assert not [line for line in lines if "job_runner:" in line]  # no port that could be asked


def test_a_compose_file_that_is_none(aconite, tmp_path):
    done = init(aconite, "compose", folder=tmp_path)
    assert done.returncode == 3 and "there is no compose.yaml here" in done.stderr
    (tmp_path / "other.yaml").write_text("services: {}\n")
    done = init(aconite, "compose", "-f", "other.yaml", folder=tmp_path)
    assert done.returncode == 3 and "other.yaml: there are no 'services' in it" in done.stderr
    (tmp_path / "other.yaml").write_text("services: [\n")
    done = init(aconite, "compose", "-f", "other.yaml", folder=tmp_path)
    assert done.returncode == 3 and "other.yaml: 2:1: a bracket is not closed" in done.stderr


@pytest.fixture
def postgres_server():
    server = PostgresServer()
    yield server
    server.stop()


def run(aconite, file, proxy_server, folder, *options):
    """Runs it and returns its report."""
    done = subprocess.run(
        [aconite, "run", file, "--server", f"http://127.0.0.1:{proxy_server.port}",
         "-o", folder / "reports", "--state", folder / "state", *options],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False)
    reports = list((folder / "reports").rglob("report.json"))
    assert len(reports) == 1, done.stdout + done.stderr
    return done, json.loads(reports[0].read_text())


def test_the_one_for_redis_holds(aconite, proxy_server, redis_server, tmp_path):
    """With a proxy that the experiment makes."""
    (tmp_path / "first.yaml").write_text(init(aconite, "redis", folder=tmp_path).stdout)
    done, report = run(aconite, tmp_path / "first.yaml", proxy_server, tmp_path,
                       "--set", f"REDIS={redis_server.address}",
                       "--set", f"REDIS_PROXY=127.0.0.1:{reserve_port()}")
    assert (done.returncode, report["verdict"], report["codes"]) == (0, "held", []), done.stdout
    assert {each["state"] for each in report["checks"]} == {"passed"}
    assert report["actions"][0]["hits"] > 0
    assert proxy_server.api.json("GET", "/proxies") == {}


def test_the_one_for_postgresql_holds(aconite, proxy_server, postgres_server, tmp_path):
    """With the proxy that the server has already."""
    made = proxy_server.api.json("POST", "/proxies", {
        "name": "orders", "listen": "127.0.0.1:0", "upstream": postgres_server.address,
        "protocol": "postgres"})
    try:
        text = init(aconite, "postgres", folder=tmp_path,
                    server=f"http://127.0.0.1:{proxy_server.port}").stdout
        assert made["listen"] in text and 'postgres: {proxy: "orders"}' in text
        (tmp_path / "first.yaml").write_text(text)
        done, report = run(aconite, tmp_path / "first.yaml", proxy_server, tmp_path)
        assert (done.returncode, report["verdict"], report["codes"]) == (0, "held", []), done.stdout
        assert {each["state"] for each in report["checks"]} == {"passed"}
    finally:
        proxy_server.api.json("DELETE", "/proxies/orders")
