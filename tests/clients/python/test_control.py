"""The client against the real binary: proxies, toxics, configuration, leases."""

import socket
import threading

import pytest

import aconite
from servers.waiting import wait_until


def refused(proxy):
    with socket.socket() as probe:
        return probe.connect_ex(proxy.address) != 0


def test_the_server_tells_what_it_is(server):
    assert server.is_aconite()
    assert server.version().startswith("2.")
    assert server.seed() >= 0
    assert server.ready() == (0, 0)
    assert "latency" in {each["name"] for each in server.toxic_types()["toxics"]}


def test_metrics_are_there_if_the_server_was_started_with_them(server, aconite_binary):
    with aconite.ServerProcess(aconite_binary, "-proxy-metrics") as measured:
        assert "aconite_connections_open" in measured.server.metrics()
    with pytest.raises(aconite.Unsupported):
        server.metrics()


def test_a_proxy_has_a_port_of_its_own_and_forwards(server, echo, talk):
    proxy = server.create_proxy("echo", echo, label="first", seed=7)
    assert (proxy.upstream, proxy.enabled, proxy.label, proxy.seed) == (echo, True, "first", 7)
    assert proxy.host == "127.0.0.1" and proxy.port > 0
    assert talk(proxy)[0] == b"hello"
    assert server.proxies().keys() == {"echo"}
    assert server.proxy("echo").address == proxy.address
    proxy.delete()
    assert server.proxies() == {}


def test_a_proxy_at_all_addresses_is_reached_by_the_servers_host(server, echo, talk):
    proxy = server.create_proxy("echo", echo, listen=":0")
    assert proxy.host == "127.0.0.1"
    assert talk(proxy)[0] == b"hello"


def test_a_proxy_is_disabled_and_enabled(server, proxy, talk):
    proxy.disable()
    assert not proxy.enabled and refused(proxy)
    proxy.enable()
    assert talk(proxy)[0] == b"hello"
    with proxy.down():
        assert refused(proxy)
        assert not server.proxy("echo").enabled
    assert talk(proxy)[0] == b"hello"


def test_a_proxy_is_changed_and_read_again(server, proxy, talk):
    other = server.proxy("echo")
    proxy.update(label="checkout")
    assert other.label is None
    assert other.refresh().label == "checkout"


def test_a_toxic_acts_is_changed_and_goes(proxy, talk):
    toxic = proxy.add_toxic("latency", attributes={"latency": 120})
    assert toxic.name == "latency_downstream"
    assert (toxic.type, toxic.stream, toxic.toxicity) == ("latency", "downstream", 1)
    assert talk(proxy)[1] >= 0.12
    assert toxic.stats().hits == 1
    changed = toxic.update(attributes={"latency": 0}, toxicity=0.5)
    assert changed.attributes["latency"] == 0 and changed.toxicity == 0.5
    assert proxy.toxics() == [proxy.toxic(toxic.name)] == [changed]
    toxic.remove()
    assert proxy.toxics() == []
    assert proxy.stats().toxic(toxic.name).removed


def test_a_toxic_is_there_in_a_with_block(proxy, talk):
    with proxy.add_toxic("latency", stream="upstream", name="slow", attributes={"latency": 120}):
        assert talk(proxy)[1] >= 0.12
    assert proxy.toxics() == []
    with proxy.add_toxic("latency") as toxic:
        toxic.remove()  # the block does not mind


def test_a_toxic_has_all_extras(server, proxy):
    lease = server.open_lease(60_000)
    toxic = proxy.add_toxic(
        "reset_peer", match={"client": "127.0.0.0/8", "every": 2},
        trigger={"times": 1, "scope": "connection"}, ttl=50_000,
        schedule=[{"at": 1000, "add": True}, {"at": 2000, "remove": True}], seed=0, lease=lease)
    assert toxic.match == {"client": "127.0.0.0/8", "every": 2}
    assert toxic.trigger == {"times": 1, "scope": "connection"}
    assert (toxic.ttl, toxic.seed, toxic.lease, toxic.active) == (50_000, 0, lease.id, False)
    assert [each["at"] for each in toxic.schedule] == [1000, 2000]
    changed = toxic.update(ttl=40_000, match={"ordinal": 3}, trigger={"times": 2}, schedule=[])
    assert (changed.ttl, changed.match["ordinal"], changed.trigger["times"]) == (40_000, 3, 2)
    assert changed.schedule is None and changed.active


def test_a_toxic_hits_only_the_connection_it_matches(proxy, talk):
    proxy.add_toxic("latency", attributes={"latency": 120}, match={"ordinal": 1})
    talk(proxy)
    assert proxy.stats().hits == 0
    assert talk(proxy)[1] >= 0.12
    assert proxy.stats().hits == 1


def test_a_proxy_is_reset_alone_and_with_all(server, proxy, echo):
    other = server.create_proxy("other", echo)
    for each in (proxy, other):
        each.add_toxic("latency")
        each.disable()
    proxy.reset()
    assert proxy.enabled and proxy.toxics() == []
    assert not other.refresh().enabled and len(other.toxics()) == 1
    server.reset()
    assert other.refresh().enabled and other.toxics() == []


def test_populate_keeps_what_is_there(server, proxy, echo):
    made = server.populate([
        {"name": "echo", "listen": proxy.listen, "upstream": echo},
        {"name": "new", "listen": "127.0.0.1:0", "upstream": echo},
    ])
    assert [each.name for each in made] == ["echo", "new"]
    assert made[0].port == proxy.port
    assert server.ready() == (2, 2)


def test_live_connections_are_listed(server, proxy):
    with socket.create_connection(proxy.address, timeout=10):
        proxy.wait(open=1)
        (connection,) = server.connections()
    assert (connection.proxy, connection.ordinal) == ("echo", 0)


def test_a_configuration_is_read_and_applied(server, proxy, echo):
    proxy.add_toxic("latency", attributes={"latency": 3})
    (config,) = server.config()
    assert config["toxics"][0]["attributes"]["latency"] == 3
    assert 'name: "echo"' in server.config_yaml()
    again = server.apply_config(server.config_yaml())
    assert again.unchanged == ["echo"]
    changed = server.apply_config([{"name": "new", "listen": "127.0.0.1:0", "upstream": echo}])
    assert (changed.created, changed.removed) == (["new"], ["echo"])


def test_a_lease_is_renewed_and_ended(server, proxy):
    lease = server.open_lease(60_000)
    proxy.add_toxic("latency", lease=lease)
    assert lease.renew().left <= lease.ttl == 60_000
    assert [each.id for each in server.leases()] == [lease.id]
    lease.end()
    assert proxy.toxics() == [] and server.leases() == []


def test_a_lease_outlives_its_time_in_a_with_block(server, proxy):
    with server.open_lease(1000) as lease:
        seen = [lease.left]
        original, renewed = lease.renew, threading.Semaphore(0)
        lease.renew = lambda: (original(), renewed.release())
        proxy.add_toxic("latency", lease=lease.id)
        for _ in range(4):  # 1,333 ms at least
            assert renewed.acquire(timeout=10), seen
        assert len(proxy.toxics()) == 1
    assert proxy.toxics() == []


def test_a_lease_that_was_lost_is_told(server):
    with pytest.raises(aconite.NotFound):
        with server.open_lease(60_000) as lease:
            lease.end()


def test_a_lease_that_nobody_renews_takes_its_toxics(server, proxy):
    proxy.add_toxic("latency", lease=server.open_lease(500))
    wait_until(lambda: not proxy.toxics(), "the toxic's end")
