"""MongoDB's protocol followed, with PyMongo and the driver for Node, and bare sockets.

No real MongoDB can be had here. Behind the proxy is mongo-java-server, or a set of three members
that this folder's MongoSet plays with it: what is shown is what a real driver does, not what a
real server would.
"""

import socket
import ssl

import pytest

from operations import hits, journal, not_followed, stats
from servers import mongo_wire
from servers.connection_watch import ConnectionWatch
from servers.driver_process import DriverError
from servers.mongo_drivers import DRIVERS, MongoClient
from servers.mongo_server import MongoServer
from servers.mongo_set import MongoSet
from servers.waiting import wait_until


@pytest.fixture(scope="session")
def mongo_server(progress):
    server = MongoServer(progress)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def direct(mongo_server):
    """A client that does not come through the proxy."""
    with MongoClient(f"mongodb://{mongo_server.address}", directConnection=True) as made:
        yield made


@pytest.fixture
def mongo(direct):
    """The stand-in without data, as that client sees it."""
    direct.call("drop")
    return direct


@pytest.fixture
def proxy(proxy_server, mongo_server):
    return proxy_server.api.create_proxy("documents", mongo_server.address, protocol="mongodb")


@pytest.fixture
def client(proxy, mongo):
    with MongoClient(f"mongodb://{proxy.listen}", appName="billing") as made:
        yield made


def add(proxy, match=None, trigger=None, name="fault", **attributes):
    body = {"type": "mongodb", "name": name, "attributes": attributes, "match": match or {},
            "trigger": trigger or {}}
    return proxy.api.json("POST", f"/proxies/{proxy.name}/toxics", body)["name"]


# ---- one server ----

def test_a_driver_writes_and_reads_and_all_is_followed(proxy, client, mongo):
    documents = [{"_id": i, "text": "x" * 20_000} for i in range(300)]
    assert client.call("insert", to="orders", documents=documents, many=True)["count"] == 300
    assert client.call("find", of="orders", query={}, batch=50)["found"] == documents
    assert mongo.call("count", of="orders")["count"] == 300
    assert not_followed(proxy) == (0, []) and journal(proxy, "unknown,bypass") == []


@pytest.mark.parametrize("driver", DRIVERS)
def test_an_error_before_is_raised_and_nothing_is_stored(proxy, mongo, driver):
    add(proxy, {"command": "insert", "collection": "orders", "app_name": "bill.*"},
        fault="error", error="WriteConflict", message="of mine", labels="A,B")
    with MongoClient(f"mongodb://{proxy.listen}", driver, appName="billing") as client:
        with pytest.raises(DriverError) as raised:
            client.call("insert", to="orders", documents=[{"_id": 1}])
        client.call("insert", to="other", documents=[{"_id": 1}])
    told = raised.value.answer
    assert (told["code"], told["name"], told["labels"]) == (112, "WriteConflict", ["A", "B"])
    assert "of mine" in told["text"]
    assert mongo.call("count", of="orders")["count"] == 0
    (hit,) = journal(proxy, "hit")
    assert hit["operation"] == {"command": "insert", "database": "shop", "collection": "orders",
                                "app_name": "billing", "in_transaction": "no",
                                "kind": "operation"}


def test_an_error_after_is_raised_and_it_is_stored(proxy, client, mongo):
    add(proxy, {"command": "insert"}, fault="error", error="OutOfDiskSpace", apply="after")
    with pytest.raises(DriverError) as raised:
        client.call("insert", to="orders", documents=[{"_id": 1}])
    assert raised.value.answer["code"] == 14031
    assert mongo.call("count", of="orders")["count"] == 1


def test_a_large_insert_is_refused_before_it_arrives(proxy, client, mongo):
    add(proxy, fault="error", error="4711")
    with pytest.raises(DriverError) as raised:
        client.call("insert", to="orders", many=True,
                    documents=[{"text": "x" * 1_000_000} for _ in range(8)])
    assert (raised.value.answer["code"], raised.value.answer["name"]) == (4711, "Location4711")
    assert mongo.call("count", of="orders")["count"] == 0


@pytest.mark.parametrize("then, raised", [("reset", "AutoReconnect"), ("close", "AutoReconnect"),
                                          ("stall", "NetworkTimeout")])
def test_a_lost_answer_is_a_write_of_which_nobody_knows(proxy, mongo, then, raised):
    add(proxy, {"command": "insert"}, fault="lose_reply", then=then)
    with MongoClient(f"mongodb://{proxy.listen}", socketTimeoutMS=1000,
                     retryWrites=False) as client, pytest.raises(DriverError) as error:
        client.call("insert", to="orders", documents=[{"_id": 1}])
    assert error.value.kind == raised
    assert mongo.call("count", of="orders")["count"] == 1


@pytest.mark.parametrize("apply, stored", [("before", 0), ("after", 1)])
def test_disconnects(proxy, mongo, apply, stored):
    add(proxy, {"collection": "orders"}, fault="disconnect", apply=apply)
    with MongoClient(f"mongodb://{proxy.listen}", retryWrites=False) as client, \
            pytest.raises(DriverError) as error:
        client.call("insert", to="orders", documents=[{"_id": 1}])
    assert error.value.kind == "AutoReconnect"
    assert mongo.call("count", of="orders")["count"] == stored


def test_a_delay_makes_a_client_give_up(proxy, mongo):
    add(proxy, {"command": "find"}, preset="slow_reads", delay=5000)
    with MongoClient(f"mongodb://{proxy.listen}", socketTimeoutMS=300,
                     retryReads=False) as client:
        client.call("insert", to="orders", documents=[{"_id": 1}])
        with pytest.raises(DriverError) as error:
            client.call("find", of="orders", query={})
    assert error.value.kind == "NetworkTimeout"


def test_a_cursor_is_lost_half_way(proxy, client):
    client.call("insert", to="orders", documents=[{"_id": i} for i in range(30)], many=True)
    add(proxy, preset="lost_cursor")
    with pytest.raises(DriverError) as error:
        client.call("find", of="orders", query={}, batch=10)
    assert error.value.kind == "CursorNotFound"


def test_who_cannot_even_begin_finds_no_server(proxy, mongo):
    add(proxy, {"kind": "opening"}, fault="error", error="ShutdownInProgress")
    with MongoClient(f"mongodb://{proxy.listen}", serverSelectionTimeoutMS=600) as client, \
            pytest.raises(DriverError) as error:
        client.call("insert", to="orders", documents=[{"_id": 1}])
    assert error.value.kind == "ServerSelectionTimeoutError"


def test_what_is_encrypted_passes_and_is_told(proxy, mongo):
    begins = ssl.MemoryBIO()
    with pytest.raises(ssl.SSLWantReadError):
        ssl.create_default_context().wrap_bio(
            ssl.MemoryBIO(), begins, server_hostname="db.test").do_handshake()
    with socket.create_connection((proxy.host, proxy.port)) as raw:
        raw.sendall(begins.read())
        wait_until(lambda: not_followed(proxy) == (1, ["encrypted"]), "that it is told")


# ---- a set ----

@pytest.fixture
def members(mongo_server, mongo):
    with MongoSet(mongo_server) as made:
        yield made


@pytest.fixture
def set_proxy(proxy_server, members):
    return proxy_server.api.create_proxy("documents", members.seeds, protocol="mongodb")


def uri_of(proxy):
    return f"mongodb://{proxy.listen}/?replicaSet=rs0"


def seen(proxy):
    """Where the proxy listens for each member, by where that is."""
    told = proxy.api.json("GET", f"/proxies/{proxy.name}")["brokers"]["seen"]
    return {each["upstream"]: each["listen"] for each in told}


def assert_inside(proxy):
    told = stats(proxy)
    assert (told["bypass"], told["unknown"], not_followed(proxy)) == (0, 0, (0, []))


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_sets_client_stays_inside_and_follows_the_primary(proxy_server, members, set_proxy,
                                                            driver):
    with ConnectionWatch(lambda: members.ports, proxy_server.process.pid) as watch, \
            MongoClient(uri_of(set_proxy), driver, readPreference="secondary") as client:
        client.call("insert", to="orders", documents=[{"_id": 0}])
        places = wait_until(lambda: len(seen(set_proxy)) == 3 and seen(set_proxy), "all members")
        assert set(places) == set(members.members)
        known = wait_until(
            lambda: client.call("members")["nodes"] == sorted(places.values()) and
            client.call("members"), "the driver to know them by their places inside")
        assert known["primary"] == places[members.members[0]]
        for primary in (1, 2, 0):
            members.elect(primary)
            where = places[members.members[primary]]
            wait_until(lambda: client.call("members")["primary"] == where, "the new primary")
            client.call("insert", to="orders", documents=[{"_id": primary + 1}])
            assert (primary, "insert") in members.asked
        assert client.call("count", of="orders")["count"] == 4
        assert client.call("members")["streamed"] > 0
        readers = {member for member, command in members.asked if command == "aggregate"}
        assert readers and readers <= {1, 2}
    assert watch.seen > 3 and watch.strangers == set()
    assert_inside(set_proxy)


def test_a_compressing_client_is_followed_all_the_same(members, set_proxy):
    with MongoClient(uri_of(set_proxy), compressors="zlib") as client:
        client.call("insert", to="orders", documents=[{"_id": 0, "text": "x" * 10_000}])
        add(set_proxy, {"command": "find"}, fault="error", error="4711")
        with pytest.raises(DriverError) as error:
            client.call("find", of="orders", query={})
    assert error.value.answer["code"] == 4711
    assert_inside(set_proxy)


def test_what_has_no_port_is_told_and_passes(proxy_server, members):
    first = members.ports[0]
    proxy = proxy_server.api.create_proxy("documents", members.seeds, protocol="mongodb",
                                          brokers={"ports": str(first)})
    with MongoClient(f"mongodb://{proxy.listen}", directConnection=True) as client:
        client.call("members")
    told = {each["reason"] for each in journal(proxy, "bypass")}
    assert told == set(members.members)


@pytest.mark.parametrize("form", (mongo_wire.QUERY, mongo_wire.MESSAGE))
def test_both_forms_of_hello_name_the_places_inside(members, set_proxy, form):
    fields = {"isMaster": 1, "$db": "admin", "compression": ["zlib"]}
    with socket.create_connection((set_proxy.host, set_proxy.port)) as raw:
        raw.sendall(mongo_wire.message(fields, 7) if form == mongo_wire.MESSAGE
                    else mongo_wire.query("admin.$cmd", fields, 7))
        told = mongo_wire.Message(raw)
    assert told.answers == 7
    places = seen(set_proxy)
    inside = [places[each] for each in members.members]
    assert (told.fields["hosts"], told.fields["passives"]) == (inside[:2], inside[2:])
    assert (told.fields["me"], told.fields["primary"]) == (inside[0], inside[0])
    assert told.fields["ok"] == 1.0 and "compression" not in told.fields


def test_one_member_of_a_set_alone_fails(members, set_proxy):
    with MongoClient(uri_of(set_proxy), readPreference="secondary", retryReads=False) as client:
        client.call("insert", to="orders", documents=[{"_id": 0}])
        places = wait_until(lambda: len(seen(set_proxy)) == 3 and seen(set_proxy), "all members")
        add(set_proxy, {"broker": 1, "command": "insert"}, fault="error", error="4711")
        with pytest.raises(DriverError):
            client.call("insert", to="orders", documents=[{"_id": 1}])
        members.elect(1)
        wait_until(lambda: client.call("members")["primary"] == places[members.members[1]],
                   "the new primary")
        client.call("insert", to="orders", documents=[{"_id": 1}])


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_driver_tries_a_write_once_more(members, set_proxy, driver):
    with MongoClient(uri_of(set_proxy), driver) as client:
        add(set_proxy, trigger={"times": 1}, preset="not_primary")
        client.call("insert", to="orders", documents=[{"_id": 0}])
        assert hits(set_proxy) == 1
        add(set_proxy, trigger={"times": 2}, preset="retryable_write", name="twice")
        with pytest.raises(DriverError) as error:
            client.call("insert", to="orders", documents=[{"_id": 1}])
        assert error.value.answer["code"] == 189 and hits(set_proxy) == 3
        assert "RetryableWriteError" in error.value.answer["labels"]


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_driver_tries_a_whole_transaction_again(members, set_proxy, driver):
    with MongoClient(uri_of(set_proxy), driver) as client:
        add(set_proxy, {"in_transaction": "yes"}, {"times": 1}, preset="write_conflict")
        documents = [{"text": "in a transaction"}]
        assert client.call("transaction", to="orders", documents=documents) == {"tries": 2}
        assert hits(set_proxy) == 1


def test_a_write_that_wants_no_answer_is_lost_before_or_left(members, set_proxy, mongo):
    with MongoClient(uri_of(set_proxy)) as client:
        add(set_proxy, {"command": "insert"}, {"times": 1}, fault="error", error="4711")
        add(set_proxy, {"command": "insert"}, fault="lose_reply", name="left")
        for number in (1, 2):
            client.call("unacknowledged", to="orders", document={"_id": number})
        wait_until(lambda: mongo.call("find", of="orders", query={})["found"] == [{"_id": 2}],
                   "the second one")
        assert {each.get("matched") for each in journal(set_proxy, "hit")} >= {
            "passed: it has no answer"}


def test_a_commit_of_which_nobody_knows(members, set_proxy):
    with MongoClient(uri_of(set_proxy)) as client:
        add(set_proxy, trigger={"times": 1}, preset="commit_unknown")
        client.call("commit", to="orders", document={"_id": 0})
        assert hits(set_proxy) == 1, "the driver asked again"
        add(set_proxy, trigger={"times": 2}, preset="commit_unknown", name="twice")
        with pytest.raises(DriverError) as error:
            client.call("commit", to="orders", document={"_id": 1})
        assert error.value.kind == "AutoReconnect"
        assert "UnknownTransactionCommitResult" in error.value.answer["labels"]
