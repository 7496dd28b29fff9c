"""Drives a server through the Python client. Usage: driver.py API_HOST API_PORT UPSTREAM_ADDRESS"""

import socket
import sys

from toxiproxy import Toxiproxy
from toxiproxy.api import APIConsumer
from toxiproxy.exceptions import InvalidToxic, NotFound, ProxyExists

TOXICS = {
    "latency": {"latency": 11, "jitter": 12},
    "bandwidth": {"rate": 13},
    "slow_close": {"delay": 14},
    "timeout": {"timeout": 15},
    "reset_peer": {"timeout": 16},
    "slicer": {"average_size": 19, "size_variation": 18, "delay": 17},
    "limit_data": {"bytes": 20},
}


def raises(error, call, *args, **more):
    try:
        call(*args, **more)
    except error:
        return
    raise AssertionError(f"no {error.__name__} from {call}")


def reachable(listen):
    host, port = listen.split(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0


def drive(proxy, kind, attributes):
    """Adds, reads, updates and removes one toxic."""
    name = f"{kind}_upstream"
    proxy.add_toxic(type=kind, stream="upstream", toxicity=0.2, attributes=attributes)
    raises(Exception, proxy.add_toxic, type=kind, stream="upstream", attributes=attributes)
    toxic = proxy.get_toxic(name)
    assert (toxic.type, toxic.stream, toxic.toxicity) == (kind, "upstream", 0.2)
    assert toxic.attributes == attributes
    # The client has no call for an update; its transport is what a user would take.
    path = f"/proxies/{proxy.name}/toxics/{name}"
    more = {key: value + (5 if key == "average_size" else 1) for key, value in attributes.items()}
    assert APIConsumer.post(path, json={"attributes": more}).json()["attributes"] == more
    assert proxy.destroy_toxic(name)
    assert proxy.get_toxic(name) is None
    raises(NotFound, proxy.destroy_toxic, name)


def main(host, port, upstream):
    server = Toxiproxy()
    server.update_api_consumer(host, port)
    assert server.running()
    assert b"2.12.0" in server.version()

    made = server.populate(
        [
            {"name": "one", "listen": "127.0.0.1:0", "upstream": upstream},
            {"name": "two", "upstream": upstream, "enabled": False},
        ]
    )
    assert [(each.name, each.enabled) for each in made] == [("one", True), ("two", False)]

    proxy = server.create(upstream=upstream, name="three")
    assert proxy.listen.startswith("127.0.0.1:") and reachable(proxy.listen)
    raises(ProxyExists, server.create, upstream=upstream, name="three")
    raises(ProxyExists, APIConsumer.post, "/proxies", json={"name": "three", "upstream": "x:1"})
    raises(InvalidToxic, APIConsumer.post, "/proxies", json={"name": "four"})
    raises(NotFound, APIConsumer.get, "/proxies/nobody")
    assert set(server.proxies()) == {"one", "two", "three"}
    assert server.get_proxy("nobody") is None

    with proxy.down():
        assert not reachable(proxy.listen)
    assert reachable(proxy.listen)

    for kind, attributes in TOXICS.items():
        drive(proxy, kind, attributes)
    raises(InvalidToxic, proxy.add_toxic, type="nope")

    proxy.add_toxic(type="latency", attributes={"latency": 5})
    proxy.disable()
    assert server.reset()
    assert server.get_proxy("three").enabled
    assert proxy.toxics() == {}

    server.destroy_all()
    assert server.proxies() == {}
    raises(NotFound, proxy.destroy)
    print("all passed")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
