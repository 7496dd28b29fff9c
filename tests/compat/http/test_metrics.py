"""GET /metrics with its flags."""

import gzip
import re

import pytest

from compat_kit.peers import ending
from compat_kit.wait import wait_until


def test_without_a_flag_there_are_no_reference_series(api):
    answer = api.get("/metrics")
    assert answer.status in (200, 404)
    assert "toxiproxy_proxy_" not in answer.text
    assert "go_goroutines" not in answer.text


@pytest.mark.parametrize("flag", ["-proxy-metrics", "--proxy-metrics=true", "-proxy-metrics=1"])
def test_proxy_metrics_count_bytes_per_direction(start, upstream, connect, flag):
    api = start(flag).api
    proxy = api.create(upstream.address, name="db")
    client = connect(proxy.address)
    server = upstream.accept()
    client.sendall(b"x" * 11)
    assert server.recv(100)
    server.sendall(b"x" * 22)
    assert client.recv(100)
    client.close()
    assert ending(server) == "eof"

    labels = 'direction="%s",listener="%s",proxy="db",upstream="%s"'
    lines = [
        f"toxiproxy_proxy_{what}_bytes_total"
        f"{{{labels % (direction, proxy.listen, upstream.address)}}} {count}"
        for what in ("received", "sent")
        for direction, count in (("upstream", 11), ("downstream", 22))
    ]
    server.close()

    def counted():
        text = api.get("/metrics").text.split("\n")
        return all(line in text for line in lines)

    wait_until(counted, 5, f"{lines} in /metrics")


def test_the_exposition_has_types_and_content_type(start, upstream, connect):
    api = start("-proxy-metrics").api
    proxy = api.create(upstream.address)
    client = connect(proxy.address)
    server = upstream.accept()
    client.sendall(b"x")
    assert server.recv(1)
    client.close()
    server.close()
    wait_until(lambda: "toxiproxy_proxy_sent_bytes_total{" in api.get("/metrics").text)
    answer = api.get("/metrics")
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert re.search(r"^# TYPE toxiproxy_proxy_sent_bytes_total counter$", answer.text, re.M)
    assert re.search(r"^# TYPE toxiproxy_proxy_received_bytes_total counter$", answer.text, re.M)


def test_metrics_are_compressed_on_request(start):
    api = start("-runtime-metrics").api
    answer = api.get("/metrics", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert b"process_open_fds" in gzip.decompress(answer.body)


def test_runtime_metrics_describe_the_process(start):
    api = start("-runtime-metrics").api
    text = api.get("/metrics").text
    for name in (
        "cpu_seconds_total",
        "open_fds",
        "max_fds",
        "resident_memory_bytes",
        "virtual_memory_bytes",
        "start_time_seconds",
    ):
        assert re.search(rf"^process_{name} [0-9.e+]+$", text, re.M), name
