"""Numbers that the program cannot hold: refused by name, never cut, wrapped or half read.

Against aconite alone by default; the reference refuses most of them without a bound.
"""

import json
import os
import re
import subprocess

import pytest

from compat_kit.peers import connect, ending
from servers.ports import reserve_port

# What a 16 bit number makes of it, or how far strtol reads, is a port that can be had.
WRONG_PORTS = ["65536", "70000", "4295034240", "18446744073709559830", "-1", "+8474", " 8474",
               "8474 ", "8474x y", "8474.0"]


def run(program_folder, *args, **more):
    return subprocess.run(
        [program_folder / "toxiproxy-server", *args],
        capture_output=True,
        text=True,
        timeout=10,
        env={**os.environ, "LOG_LEVEL": "error", **more},
    )


@pytest.mark.parametrize("port", WRONG_PORTS)
def test_a_port_of_the_api_that_is_none_is_refused(program_folder, port):
    done = run(program_folder, "-port", port)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(
        f'invalid value "{port}" for flag -port: must be a port from 0 to 65535'
    )


@pytest.mark.parametrize(
    "flag, bounds",
    [("-threads=257", "0 to 256"), ("-threads=4294967297", "0 to 256"),
     ("-threads=1.5", "0 to 256"), ("-journal-records=16777217", "0 to 16777216"),
     ("-seed=9223372036854775808", "-9223372036854775808 to 9223372036854775807"),
     ("-seed=1e3", "-9223372036854775808 to 9223372036854775807")],
)
def test_a_flag_out_of_its_bounds_tells_them(program_folder, flag, bounds):
    done = run(program_folder, flag)
    name = flag.split("=")[0]
    assert done.returncode == 2
    assert f"for flag {name}: must be a whole number from {bounds}\n" in done.stderr


@pytest.mark.parametrize("port", WRONG_PORTS)
def test_a_port_to_listen_on_that_is_none_is_refused(api, port):
    error = f"address {port}: invalid port"
    answer = api.post("/proxies", {"name": "p", "upstream": "u:1", "listen": f"127.0.0.1:{port}"})
    assert (answer.status, answer.json()["error"]) == (500, f"listen tcp: {error}")
    answer = api.post("/config", [{"name": "p", "upstream": "u:1", "listen": f"127.0.0.1:{port}"}])
    assert answer.status == 400
    assert f"'listen' must be host:port: {error}" in answer.json()["error"]
    assert api.get("/proxies").json() == {}


@pytest.mark.parametrize("host", ["127.1", "0x7f.0.0.1", "2130706433", "0177.0.0.1", "127.0.0.1\0x"])
def test_a_host_that_only_looks_like_another_is_not_that(api, server, echo, host):
    answer = api.post("/proxies", {"name": "p", "upstream": "u:1", "listen": f"{host}:0"})
    assert answer.status == 500
    assert answer.json()["error"] == f"listen tcp: lookup {host}: no such host"
    proxy = api.create(f"{host}:{echo.address.split(':')[1]}")
    assert ending(connect(proxy.address)) in ("eof", "reset")
    line = server.wait_logged("Unable to open connection to upstream")
    assert line["error"] == f"dial tcp: lookup {host}: no such host"


def test_an_upstream_port_does_not_wrap(api, server, echo, connect):
    wrapped = int(echo.address.split(":")[1]) + 65536
    for name, host in (("a", "127.0.0.1"), ("b", "localhost")):
        proxy = api.create(f"{host}:{wrapped}", name=name)
        assert ending(connect(proxy.address)) in ("eof", "reset")
        server.wait_logged(
            "Unable to open connection to upstream",
            name=name,
            error=f"dial tcp: address {wrapped}: invalid port",
        )


WHOLE = ["1.5", "1e3", "-0.0", "9223372036854775808", "18446744073709551616", "1e400", "-1e400",
         "9" * 400, '"5"', "true"]


@pytest.mark.parametrize("number", WHOLE)
@pytest.mark.parametrize("member", ["attributes/latency", "ttl", "seed", "trigger/times",
                                    "match/every", "schedule/0/at"])
def test_a_whole_number_of_a_toxic_that_is_none_is_refused_by_name(api, proxy, member, number):
    first, _, rest = member.partition("/")
    inner = {"attributes": '{"latency":%s}', "trigger": '{"times":%s}', "match": '{"every":%s}',
             "schedule": '[{"at":%s,"add":true}]'}.get(first, "%s") % number
    answer = api.post(proxy.path + "/toxics", '{"type":"latency","%s":%s}' % (first, inner))
    assert answer.status == 400
    assert f"/{member} must be a" in answer.json()["error"]
    assert len(answer.json()["error"]) < 200
    assert api.get(proxy.path + "/toxics").json() == []


@pytest.mark.parametrize(
    "number, text",
    [("1e400", "a number of 64 bits"), ("3.5e38", "a number of 32 bits"),
     ("-3.5e38", "a number of 32 bits"), ('"1"', "a number of 32 bits")],
)
def test_a_toxicity_that_no_float_can_hold_is_refused(api, proxy, number, text):
    answer = api.post(proxy.path + "/toxics", '{"type":"noop","toxicity":%s}' % number)
    assert answer.status == 400
    assert f"/toxicity must be {text}" in answer.json()["error"]


@pytest.mark.parametrize(
    "path",
    ["/journal?limit=%s", "/journal?since=%s", "/journal?tail=%s", "/events?since=%s",
     "/wait?timeout=%s&ready&proxy=p", "/wait?timeout=%ss&ready&proxy=p", "/wait?hits>=%s",
     "/wait?open==%s"],
)
@pytest.mark.parametrize("number", ["18446744073709551616", "18446744073709551617", "-1", "1.5",
                                    "1e3", "0x10", "", "%2B1", "%201", "1%00", "1_0"])
def test_a_number_of_a_query_that_is_none_is_refused(api, path, number):
    answer = api.get(path % number)
    assert answer.status == 400, answer
    assert "'%s'" % re.search(r"\?(\w+)", path)[1] in answer.json()["error"]


@pytest.mark.parametrize("number", ["-1", "1.5", "1e3", "18446744073709551616", '"5"'])
def test_a_bound_that_is_none_is_refused(api, number):
    answer = api.post("/assert", '{"hits":{">=":%s}}' % number)
    assert answer.status == 400
    assert "'hits' must be compared with a whole number from 0 to" in answer.json()["error"]


def test_numbers_of_yaml_are_no_others(api):
    for number in ("1.5", "1e400", "0x10", "1_0", "+-5", "18446744073709551616", "'5'"):
        text = f"- {{name: a, upstream: 'u:1', toxics: [{{type: latency, ttl: {number}}}]}}"
        answer = api.post("/config", text, headers={"Content-Type": "application/yaml"})
        assert answer.status == 400, number
        assert "/0/toxics/0/ttl must be a whole number of 64 bits" in answer.json()["error"]


def test_two_proxies_on_one_port_do_not_pass_the_check(program_folder, tmp_path, api):
    port = reserve_port()
    for one, other in ((f"localhost:{port}", f":{port}"), (f"127.0.0.1:{port}", f"[::]:{port}")):
        entries = [{"name": "a", "upstream": "u:1", "listen": one},
                   {"name": "b", "upstream": "u:1", "listen": other}]
        path = tmp_path / "config.json"
        path.write_text(json.dumps(entries))
        told = (f"'listen' must not be that of another enabled proxy: 'a' ({one}) and "
                f"'b' ({other}) both want port {port} at proxy 2")
        checked = subprocess.run([program_folder / "aconite", "config", "check", path],
                                 capture_output=True, text=True, timeout=10)
        assert checked.returncode == 1
        assert f"{path}: {told}" in checked.stderr
        started = run(program_folder, "-port", str(reserve_port()), "-config", str(path))
        assert started.returncode == 1
        assert f"{path}: {told}" in started.stderr
        answer = api.post("/config", entries)
        assert (answer.status, answer.json()["error"]) == (400, told)
        assert api.get("/proxies").json() == {}
        entries[1]["enabled"] = False
        path.write_text(json.dumps(entries))
        subprocess.run([program_folder / "aconite", "config", "check", path], check=True,
                       capture_output=True, timeout=10)
