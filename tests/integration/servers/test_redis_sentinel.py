"""Clients that ask sentinels where a master is stay inside the proxy."""

import re
import subprocess

import pytest

from redis_inside import CountingClient, assert_inside, seen, watched
from servers.process import require
from servers.redis_sentinel import NAME, RedisSentinels
from servers.resp import RespConnection
from servers.waiting import wait_until


@pytest.fixture(scope="module")
def servers():
    servers = RedisSentinels()
    yield servers
    servers.close()


@pytest.fixture
def proxy(proxy_server, servers):
    """A proxy in front of the sentinels; nobody but it may be connected to one, or to a server."""
    with watched(proxy_server, servers, servers.sentinels) as made:
        yield made


def connect(address):
    return RespConnection(*address.rsplit(":", 1))


def master_told_by(proxy):
    with connect(proxy.listen) as sentinel:
        host, port = sentinel.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME)
    return f"{host.decode()}:{port.decode()}"


@pytest.mark.parametrize("version", ("-2", "-3"))
def test_no_answer_has_a_servers_own_address(servers, proxy, version):
    questions = (("masters",), ("master", NAME), ("replicas", NAME), ("slaves", NAME),
                 ("sentinels", NAME), ("get-master-addr-by-name", NAME), ("info-cache", NAME))
    told = "".join(
        subprocess.run([require("redis-cli", "redis-tools"), version, "-p", str(proxy.port),
                        "sentinel", *words], capture_output=True, text=True, timeout=30,
                       check=True).stdout
        for words in questions)
    told = re.sub(r"tcp_port:\d+", "", told)  # each server's of itself
    numbers = set(re.findall(r"\d+", told))
    listens = {each.rsplit(":", 1)[1] for each in seen(proxy).values()}
    assert listens <= numbers
    assert not numbers & {str(each) for each in servers.ports()}
    assert len(listens) >= 5  # the servers, and the sentinels that are not asked
    assert_inside(proxy, servers)


def test_other_sentinels_are_reached_through_the_proxy(servers, proxy):
    with connect(proxy.listen) as first:
        others = first.call("SENTINEL", "SENTINELS", NAME)
    assert len(others) == 2
    for told in others:
        about = dict(zip(told[::2], told[1::2]))
        with connect(f"{about[b'ip'].decode()}:{about[b'port'].decode()}") as other:
            assert other.call("SENTINEL", "MYID") == about[b"runid"]
            host, port = other.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME)
            assert f"{host.decode()}:{port.decode()}" == master_told_by(proxy)
    assert_inside(proxy, servers)


def follow(proxy, servers, fail):
    """A client counts while its master is replaced, as `fail(master)` has it; what its keys are
    then, what was acknowledged, and how many errors there were."""
    old = servers.master()
    old.call("FLUSHALL")
    with connect(proxy.listen) as listener, CountingClient("sentinel", proxy.port) as client:
        listener.call("SUBSCRIBE", "+switch-master")
        client.counts(1_000)
        before = master_told_by(proxy)
        assert before == seen(proxy)[old.address]
        fail(old)
        kind, channel, text = listener.reply()
        assert (kind, channel) == (b"message", b"+switch-master")
        wait_until(lambda: servers.master() is not old, "another master", 20)
        new = servers.master()
        assert master_told_by(proxy) == seen(proxy)[new.address]
        assert text.decode().split() == [NAME, *before.split(":"),
                                         *seen(proxy)[new.address].split(":")]
        client.counts(3_000)
        acknowledged, errors = client.finish()
    with connect(new.address) as direct:
        stored = {key.decode(): int(direct.call("GET", key))
                  for key in direct.call("KEYS", "count:*")}
    return stored, acknowledged, sum(errors.values())


def assert_nothing_twice(stored, acknowledged, errors):
    """What was acknowledged may be lost when sentinels replace a master; an increment that failed
    may have been made."""
    assert sum(acknowledged.values()) >= 4_000
    for key, value in stored.items():
        assert value <= acknowledged.get(key, 0) + errors


def test_a_failover_that_was_asked_for_is_followed_inside(servers, proxy):
    def fail(_):
        servers.sentinels[0].call("SENTINEL", "FAILOVER", NAME)

    assert_nothing_twice(*follow(proxy, servers, fail))
    assert_inside(proxy, servers)


def test_a_failover_of_a_dead_master_is_followed_inside(servers, proxy):
    def ready():
        role = servers.master().call("ROLE")
        return role[0] == b"master" and len(role[2]) == 2

    wait_until(ready, "a master with two replicas", 20)
    assert_nothing_twice(*follow(proxy, servers, lambda master: master.kill()))
    assert_inside(proxy, servers)
