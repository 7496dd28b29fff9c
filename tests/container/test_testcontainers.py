"""What the Toxiproxy modules of Testcontainers do with the image, call by call.

All of them publish ports on others of the host's choice, and wait for GET /version on 8474.
"""

import io
import json
import tarfile

import pytest

from containers import CONTROL_PORT, Container
from servers.rest import RestClient

FIRST_PORT = 8666
PORTS = range(FIRST_PORT, FIRST_PORT + 32)
PUBLISHED = ("--publish-all",
             *(word for port in PORTS for word in ("--expose", f"{port}/tcp")))


def ask(port, seconds=15):
    """GET /version of the upstream, through the proxy at the port."""
    return RestClient(port, seconds).json("GET", "/version")


def test_java(engine, aconite_image, network):
    """The proxy's name is its upstream; a cut is a bandwidth of 0 in both directions."""
    container = Container.run(engine, aconite_image, options=("--network", network, *PUBLISHED))
    upstream = f"upstream:{CONTROL_PORT}"
    with engine.inside():
        api = container.api()
        api.json("POST", "/proxies", {"name": upstream, "listen": f"0.0.0.0:{FIRST_PORT}",
                                      "upstream": upstream})
        port = container.published(FIRST_PORT)
        assert ask(port)

        toxics = f"/proxies/{upstream}/toxics"
        for stream in ("DOWNSTREAM", "UPSTREAM"):
            api.json("POST", toxics, {
                "name": f"CUT_CONNECTION_{stream}", "type": "bandwidth", "stream": stream.lower(),
                "attributes": {"rate": 0}, "toxicity": 1})
        with pytest.raises(TimeoutError):
            ask(port, 0.3)
        for stream in ("DOWNSTREAM", "UPSTREAM"):
            name = f"{toxics}/CUT_CONNECTION_{stream}"
            assert api.json("GET", name)["attributes"] == {"rate": 0}
            api.text("DELETE", name)
        assert ask(port)


def test_go(engine, aconite_image, network, tmp_path):
    """The proxies are in a file, copied into the container before it starts."""
    proxies = json.dumps([{"name": "web", "listen": f"0.0.0.0:{FIRST_PORT}",
                           "upstream": f"upstream:{CONTROL_PORT}", "enabled": True}]).encode()
    archive = tmp_path / "files.tar"
    with tarfile.open(archive, "w") as files:
        entry = tarfile.TarInfo("/tmp/tc-toxiproxy.json")
        entry.size, entry.mode = len(proxies), 0o644
        files.addfile(entry, io.BytesIO(proxies))
    identity = engine.docker("create", "--network", network, "--publish-all", "--expose",
                             FIRST_PORT, aconite_image, "-host=0.0.0.0",
                             "-config=/tmp/tc-toxiproxy.json").strip()
    engine.run("sh", "-c", f"docker cp - {identity}:/ <{archive}")
    engine.docker("start", identity)
    container = Container(engine, identity)
    with engine.inside():
        assert list(container.api().json("GET", "/proxies")) == ["web"]
        assert ask(container.published(FIRST_PORT))


def test_node(engine, aconite_image, network):
    """It looks for a port that no proxy has, and cuts by disabling the proxy."""
    container = Container.run(engine, aconite_image, options=("--network", network, *PUBLISHED))
    upstream = f"upstream:{CONTROL_PORT}"
    with engine.inside():
        api = container.api()
        for name in ("first", "second"):
            taken = [int(each["listen"].rpartition(":")[2])
                     for each in api.json("GET", "/proxies").values()]
            free = next(port for port in PORTS if port not in taken)
            api.json("POST", "/proxies",
                     {"name": name, "listen": f"0.0.0.0:{free}", "upstream": upstream})
        assert taken == [FIRST_PORT]
        port = container.published(FIRST_PORT + 1)
        assert ask(port)

        change = {"listen": f"0.0.0.0:{FIRST_PORT + 1}", "upstream": upstream}
        api.json("POST", "/proxies/second", {**change, "enabled": False})
        with pytest.raises(ConnectionError):
            ask(port)
        api.json("POST", "/proxies/second", {**change, "enabled": True})
        assert ask(port)
