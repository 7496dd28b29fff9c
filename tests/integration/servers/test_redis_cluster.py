"""Clients of a Redis Cluster stay inside the proxy, whatever its nodes say where they are."""

import re
import subprocess

import pytest

from operations import hits, journal, stats
from redis_inside import CountingClient, assert_inside, seen, watched
from servers.process import require
from servers.redis_cluster import RedisCluster
from servers.resp import ReplyError, RespConnection
from servers.waiting import wait_until


@pytest.fixture(scope="module")
def nodes():
    cluster = RedisCluster()
    yield cluster
    cluster.close()


@pytest.fixture
def cluster(nodes):
    """The cluster, without data."""
    for each in nodes.masters():
        each.call("FLUSHALL")
    return nodes


@pytest.fixture
def proxy(proxy_server, cluster):
    """A proxy in front of the masters; nobody but it may be connected to a node."""
    with watched(proxy_server, cluster, cluster.masters()) as made:
        yield made


def cli(port, *words, **more):
    done = subprocess.run([require("redis-cli", "redis-tools"), "-p", str(port), *words],
                          capture_output=True, text=True, timeout=60, **more)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def set_keys(port, count):
    """Sets that many keys; where the client was sent to for them."""
    commands = "".join(f"set key:{number} {number}\n" for number in range(count))
    told = cli(port, "-c", "--no-raw", input=commands)
    assert told.count("OK") == count, told
    return set(re.findall(r"located at (\S+)", told))


def counts_of(cluster):
    return {key: int(value) for key, value in cluster.values().items()
            if key.startswith("count:")}


# ---- what nodes tell ----

@pytest.mark.parametrize("version", ("-2", "-3"))
def test_no_answer_has_a_nodes_own_address(cluster, proxy, version):
    first = cluster.masters()[0]
    questions = (("cluster", "slots"), ("CLUSTER", "SHARDS"), ("Cluster", "nodes"),
                 ("cluster", "replicas", first.text("CLUSTER", "MYID")), ("role",),
                 ("info", "replication"))
    told = "".join(cli(proxy.port, version, *words) for words in questions)
    listens = {each.rsplit(":", 1)[1] for each in seen(proxy).values()}
    numbers = set(re.findall(r"\d+", told))
    assert listens <= numbers and len(listens) == 6
    assert not numbers & {str(each) for each in cluster.ports()}
    assert set(seen(proxy)) == cluster.addresses()
    assert_inside(proxy, cluster)


def test_redis_cli_follows_redirections_inside(cluster, proxy):
    sent_to = set_keys(proxy.port, 200)
    assert sent_to and sent_to <= set(seen(proxy).values())
    assert {f"key:{number}": str(number) for number in range(200)} == cluster.values()
    assert_inside(proxy, cluster)


def test_each_listener_leads_to_its_node_and_has_the_toxics(cluster, proxy):
    set_keys(proxy.port, 50)
    told = proxy.api.json("GET", f"/proxies/{proxy.name}")["brokers"]["seen"]
    assert [each["id"] for each in told] == list(range(1, len(told) + 1))
    by_address = {each.address: each for each in cluster.nodes}
    for each in told:
        with RespConnection(*each["listen"].rsplit(":", 1)) as through:
            assert (through.call("CLUSTER", "MYID")
                    == by_address[each["upstream"]].call("CLUSTER", "MYID"))
    hit = told[0]
    proxy.api.json("POST", f"/proxies/{proxy.name}/toxics",
                   {"type": "redis", "attributes": {"fault": "error", "error": "OOM"},
                    "match": {"broker": hit["id"], "command": "SET"}})
    for each in told:
        answer = cli(int(each["listen"].rsplit(":", 1)[1]), "set", "a", "b")
        assert answer.startswith("OOM ") == (each is hit)


def test_redirections_by_name_and_by_none_lead_inside(cluster, proxy):
    def configure(name, value):
        for each in cluster.nodes:
            each.call("CONFIG", "SET", name, value)

    def all_named():
        return all(node[0] == b"localhost" for each in cluster.nodes
                   for slots in each.call("CLUSTER", "SLOTS") for node in slots[2:])

    try:
        configure("cluster-announce-hostname", "localhost")
        configure("cluster-preferred-endpoint-type", "hostname")
        wait_until(all_named, "nodes that know each other's names")
        sent_to = set_keys(proxy.port, 100)
        named = {each for each in seen(proxy) if each.startswith("localhost:")}
        assert named and sent_to <= set(seen(proxy).values())
        configure("cluster-preferred-endpoint-type", "unknown-endpoint")
        with pytest.raises(Exception, match=r"MOVED \d+ :\d+"):
            for number in range(100):
                cluster.masters()[0].call("SET", f"key:{number}", "x")
        assert set_keys(proxy.port, 100) <= set(seen(proxy).values())
        for version in ("-2", "-3"):
            told = cli(proxy.port, version, "cluster", "slots")
            assert not set(re.findall(r"\d+", told)) & {str(each) for each in cluster.ports()}
    finally:
        configure("cluster-preferred-endpoint-type", "ip")
        configure("cluster-announce-hostname", "")
    assert stats(proxy)["bypass"] == 0


# ---- what toxics tell of slots ----

@pytest.mark.parametrize("preset", ("ask", "cluster_reshard"))
def test_who_follows_a_redirection_of_a_toxic_is_served(cluster, proxy, preset):
    """A key of each master, from a client that follows each MOVED and ASK on a new connection."""
    keys = [f"key:{number}" for number in range(20)]
    set_keys(proxy.port, len(keys))
    before = stats(proxy)["connections"]["total"]
    proxy.api.json("POST", f"/proxies/{proxy.name}/toxics",
                   {"type": "redis", "name": "moves", "attributes": {"preset": preset},
                    "schedule": [{"at": 600_000, "remove": True}]})
    for number, key in enumerate(keys):
        assert cli(proxy.port, "-c", "get", key).strip() == str(number)
    told = journal(proxy, "hit")
    assert {each["operation"]["command"] for each in told} == {"GET"}
    assert len(keys) <= len(told) <= 2 * len(keys)
    assert stats(proxy)["connections"]["total"] - before <= 6 * len(keys)
    assert cli(proxy.port, "ping").strip() == "PONG"
    assert "cluster_state:ok" in cli(proxy.port, "cluster", "info")
    assert_inside(proxy, cluster)


def test_a_redirection_of_a_toxic_is_told_as_by_a_node(cluster, proxy):
    set_keys(proxy.port, 1)
    cli(proxy.port, "cluster", "slots")
    owner = next(each for each in cluster.masters() if each.call("DBSIZE") == 1)
    listen = seen(proxy)[owner.address]
    proxy.api.json("POST", f"/proxies/{proxy.name}/toxics",
                   {"type": "redis", "attributes": {"preset": "ask"}})
    with RespConnection(*listen.rsplit(":", 1)) as through:
        with pytest.raises(ReplyError, match=rf"ASK \d+ {listen}"):
            through.call("GET", "key:0")
        assert through.call("ASKING") == "OK"
        assert through.call("GET", "key:0") == b"0"
        assert through.call("MULTI") == "OK"
        with pytest.raises(ReplyError, match="ASK"):
            through.call("INCR", "key:0")
        with pytest.raises(ReplyError, match="EXECABORT"):
            through.call("EXEC")
        assert through.call("ASKING") == "OK" and through.call("MULTI") == "OK"
        assert through.call("INCR", "key:0") == "QUEUED"
        assert through.call("EXEC") == [1]
    assert hits(proxy) == 2


# ---- what happens to clients ----

def test_resharding_under_load_loses_nothing_and_nobody(cluster, proxy):
    """Slots move from each master to the next and no increment is lost or made twice."""
    masters = cluster.masters()
    with CountingClient("cluster", proxy.port) as client:
        client.counts(2_000)
        for source, target in zip(masters, masters[1:] + masters[:1]):
            slots = list(cluster.slots_of(source)[0])[:150]
            assert list(cluster.move(slots, source, target)) == slots
            client.counts(1_000)
        client.counts(5_000)
        acknowledged, errors = client.finish()
    assert errors == {} and sum(acknowledged.values()) >= 10_000
    assert counts_of(cluster) == acknowledged
    assert_inside(proxy, cluster)


def test_an_orderly_failover_under_load_loses_nothing_and_nobody(cluster, proxy):
    """The replica waits until it has all that its master has acknowledged, and takes over."""
    old = cluster.masters()[0]
    new = cluster.replica_of(old)
    with CountingClient("cluster", proxy.port) as client:
        client.counts(2_000)
        new.call("CLUSTER", "FAILOVER")
        wait_until(lambda: new in cluster.masters() and old not in cluster.masters(), "failover")
        client.counts(8_000)
        acknowledged, errors = client.finish()
    assert errors == {} and sum(acknowledged.values()) >= 10_000
    assert counts_of(cluster) == acknowledged
    assert_inside(proxy, cluster)


def test_clients_go_on_inside_when_a_master_dies(cluster, proxy):
    """What a master has acknowledged and told nobody is lost with it, in any Redis: so it is not
    counted here."""
    old = cluster.masters()[0]
    new = cluster.replica_of(old)
    with CountingClient("cluster", proxy.port) as client:
        client.counts(2_000)
        old.kill()
        wait_until(lambda: new.call("ROLE")[0] == b"master", "the replica taking over", 20)
        client.counts(2_000)
        client.finish()
    assert_inside(proxy, cluster)
