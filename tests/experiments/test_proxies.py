"""The proxies that an experiment makes are as its file says: all that POST /proxies takes."""

import json
import subprocess

import pytest

from servers.ports import reserve_port

FILE = """
name: Proxies
servers: {{main: "http://127.0.0.1:{server}"}}
proxies:
  - name: kafka
    listen: 127.0.0.1:{port}
    upstream: 127.0.0.1:9,127.0.0.1:10
    protocol: kafka
    label: shop
    seed: 7
    brokers:
      ports: 29093-29096
      host: proxy.test
      also:
        - {{listen: "127.0.0.1:{other}", ports: 29097, host: localhost}}
interval: 50ms
probes:
  ports: {{http: "{proxy}", of: json, json: /brokers/ports}}
  host: {{http: "{proxy}", of: json, json: /brokers/host}}
  also: {{http: "{proxy}", of: json, json: /brokers/also/0/ports}}
  label: {{http: "{proxy}", of: json, json: /label}}
  preset: {{http: "{proxy}", of: json, json: /toxics/1/attributes/preset}}
phases:
  - name: lost
    duration: 2s
    actions: [{{preset: lost_event, target: kafka}}]
validation:
  - {{expect: "ports == '29093-29096'", during: lost}}
  - {{expect: "host == 'proxy.test'", during: lost}}
  - {{expect: "also == '29097'", during: lost}}
  - {{expect: "label == 'shop'", during: lost}}
  - {{name: the protocol's own preset, expect: "preset == 'lost_event'", during: lost}}
"""


@pytest.fixture
def checks(aconite, proxy_server, tmp_path):
    """How the checks of that file ended, by name."""
    url = f"http://127.0.0.1:{proxy_server.port}"
    (tmp_path / "proxies.yaml").write_text(FILE.format(
        server=proxy_server.port, port=reserve_port(), other=reserve_port(),
        proxy=f"{url}/proxies/kafka"))
    done = subprocess.run([aconite, "run", "--plain", "--state", "state", "proxies.yaml"],
                          cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    report, = (tmp_path / "aconite-reports").glob("*/report.json")
    print(done.stdout + done.stderr)
    return {each["name"]: each["state"] for each in json.loads(report.read_text())["checks"]}


def test_brokers_and_presets_of_kafka(checks, proxy_server):
    assert len(checks) == 5 and set(checks.values()) == {"passed"}
    assert "kafka" not in proxy_server.api.json("GET", "/proxies")
