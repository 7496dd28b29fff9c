"""Toxics on single commands of Redis, on a real server, with redis-py, redis-cli and bare sockets."""

import subprocess
import sys
import threading
import time

import pytest
import redis as redis_py

from operations import hits, journal, not_followed
from servers.proxy_server import ROOT
from servers.process import require
from servers.redis_server import RedisServer
from servers.resp import ReplyError, RespConnection, encode
from servers.waiting import wait_until


@pytest.fixture
def proxy(proxy_server, redis):
    return proxy_server.api.create_proxy("redis", redis.address, protocol="redis")


@pytest.fixture
def client(proxy):
    """redis-py."""
    with redis_py.Redis(port=proxy.port, socket_timeout=5) as made:
        yield made


@pytest.fixture
def raw(proxy):
    with RespConnection("127.0.0.1", proxy.port) as made:
        yield made


def add(proxy, match=None, trigger=None, name="fault", **attributes):
    body = {"type": "redis", "name": name, "attributes": attributes, "match": match or {},
            "trigger": trigger or {}}
    return proxy.api.json("POST", f"/proxies/{proxy.name}/toxics", body)["name"]


@pytest.mark.parametrize("error, raised", [
    ("LOADING", redis_py.exceptions.BusyLoadingError),
    ("READONLY", redis_py.exceptions.ReadOnlyError),
    ("NOPERM", redis_py.exceptions.NoPermissionError),
    ("OOM", redis_py.exceptions.ResponseError),
    ("NOAUTH", redis_py.exceptions.AuthenticationError),
    ("ERR my own words", redis_py.exceptions.ResponseError)])
def test_an_error_before_is_raised_and_nothing_is_stored(proxy, client, redis, error, raised):
    client.ping()
    add(proxy, {"command": "set", "key": "user:*"}, fault="error", error=error)
    with pytest.raises(raised):
        client.set("user:1", "x")
    assert client.set("other", "y") is True
    assert (redis.call("GET", "user:1"), redis.call("GET", "other")) == (None, b"y")
    (hit,) = journal(proxy, "hit")
    assert hit["operation"]["command"] == "SET" and hit["operation"]["key"] == "user:1"


def test_an_error_after_is_raised_and_it_is_stored(proxy, client, redis):
    add(proxy, {"command": "INCR"}, fault="error", error="READONLY", apply="after")
    with pytest.raises(redis_py.exceptions.ReadOnlyError):
        client.execute_command("INCR", "n")
    assert redis.call("GET", "n") == b"1"


def test_an_error_in_a_pipeline_is_told_in_its_turn(proxy, client):
    add(proxy, {"key": "b"}, fault="error", error="READONLY")
    pipe = client.pipeline(transaction=False)
    for key in "abc":
        pipe.set(key, key)
    first, error, last = pipe.execute(raise_on_error=False)
    assert first is True and last is True
    assert isinstance(error, redis_py.exceptions.ReadOnlyError)


def test_an_error_in_a_transaction_aborts_it(proxy, client, redis):
    add(proxy, {"key": "b", "in_multi": "yes"}, fault="error", error="OOM")
    pipe = client.pipeline(transaction=True)
    pipe.set("a", 1).set("b", 2)
    with pytest.raises(redis_py.exceptions.ResponseError):
        pipe.execute()
    assert redis.call("EXISTS", "a", "b") == 0


def test_an_error_of_exec_executes_nothing_and_ends_the_transaction(proxy, raw, redis):
    add(proxy, {"command": "EXEC"}, {"times": 1}, fault="error", error="READONLY")
    assert raw.call("MULTI") == "OK"
    assert raw.call("SET", "a", 1) == "QUEUED"
    with pytest.raises(ReplyError, match="READONLY"):
        raw.call("EXEC")
    assert redis.call("EXISTS", "a") == 0
    assert raw.call("SET", "a", 2) == "OK"


def test_a_transaction_that_is_watched_still_is(proxy, client, redis):
    add(proxy, {"key": "nobody"}, fault="nil")
    with client.pipeline() as pipe:
        pipe.watch("a")
        redis.call("SET", "a", "other")
        pipe.multi()
        pipe.set("a", "mine")
        with pytest.raises(redis_py.exceptions.WatchError):
            pipe.execute()


@pytest.mark.parametrize("then", ["reset", "close"])
def test_a_lost_answer_is_executed(proxy, raw, redis, then):
    add(proxy, {"command": "INCR"}, {"times": 1}, fault="lose_reply", then=then)
    raw.send(encode("INCR", "n"))
    with pytest.raises((EOFError, ConnectionResetError)):
        raw.reply()
    assert redis.call("GET", "n") == b"1"


def test_a_lost_request_is_not(proxy, redis):
    add(proxy, {"command": "INCR"}, fault="lose_request")
    with redis_py.Redis(port=proxy.port, socket_timeout=0.5) as client:
        with pytest.raises(redis_py.exceptions.TimeoutError):
            client.execute_command("INCR", "n")
    assert redis.call("EXISTS", "n") == 0


def test_a_cut_before_and_one_after(proxy, redis):
    for apply, count in (("before", 0), ("after", 1)):
        add(proxy, {"command": "INCR"}, {"times": 1}, apply, fault="disconnect", apply=apply)
        with RespConnection("127.0.0.1", proxy.port) as connection:
            connection.send(encode("INCR", apply))
            with pytest.raises((EOFError, ConnectionResetError)):
                connection.reply()
        assert redis.call("EXISTS", apply) == count


def test_misses(proxy, client, redis):
    redis.call("MSET", "a", 1, "b", 2)
    redis.call("HSET", "h", "f", "v")
    redis.call("RPUSH", "l", "x")
    add(proxy, preset="cache_stampede")
    assert client.get("a") is None
    assert client.mget("a", "b") == [None, None]
    assert client.hgetall("h") == {} and client.lrange("l", 0, -1) == []
    assert client.exists("a") == 0
    assert client.incr("a") == 2
    assert hits(proxy) == 5


def test_old_values(proxy, client, redis):
    add(proxy, {"key": "price"}, fault="stale", age=600)
    redis.call("SET", "price", "old")
    assert client.get("price") == b"old"
    redis.call("SET", "price", "new")
    assert client.get("price") == b"old"
    wait_until(lambda: client.get("price") == b"new", "the value of 600 ms ago")


def test_a_delay_is_that_of_its_key(proxy, client):
    add(proxy, {"key": "slow:*"}, fault="delay", delay=300)
    began = time.monotonic()
    client.get("fast")
    assert time.monotonic() - began < 0.3
    client.get("slow:1")
    assert time.monotonic() - began >= 0.3


def test_an_answer_that_is_cut(proxy, raw, redis):
    redis.call("SET", "a", "hello")
    add(proxy, {"key": "a"}, fault="truncate", bytes=7, cut="fin")
    raw.send(encode("GET", "a"))
    assert raw.until_closed() == b"$5\r\nhel"


def test_max_clients(proxy):
    add(proxy, preset="max_clients")
    with RespConnection("127.0.0.1", proxy.port) as connection:
        connection.send(encode("PING"))
        assert connection.until_closed() == b"-ERR max number of clients reached\r\n"


def test_messages_are_lost(proxy, client, redis):
    add(proxy, {"key": "news"}, {"times": 1}, fault="drop_push")
    listener = client.pubsub()
    listener.subscribe("news", "other")
    assert [listener.get_message(timeout=5)["type"] for _ in range(2)] == ["subscribe"] * 2
    for text in ("first", "second"):
        assert redis.call("PUBLISH", "news", text) == 1
    assert listener.get_message(timeout=5)["data"] == b"second"
    listener.unsubscribe()
    assert [listener.get_message(timeout=5)["type"] for _ in range(2)] == ["unsubscribe"] * 2
    assert not_followed(proxy) == (0, [])


def test_an_invalidation_is_lost(proxy, raw, redis):
    redis.call("SET", "user:1", "old")
    add(proxy, {"key": "user:1"}, preset="lost_invalidation")
    raw.send(encode("HELLO", 3) + encode("CLIENT", "TRACKING", "ON") +
             encode("GET", "user:1") + encode("GET", "user:2") + encode("ECHO", "ready"))
    raw.receive_until(b"ready\r\n")
    redis.call("SET", "user:1", "new")
    redis.call("SET", "user:2", "new")
    raw.send(encode("ECHO", "end"))
    seen = raw.receive_until(b"end\r\n")
    assert b"user:2" in seen and b"user:1" not in seen
    assert hits(proxy) == 1


def test_it_is_aimed_by_user_name_and_database(proxy, redis):
    redis.call("ACL", "SETUSER", "alice", "on", ">secret", "~*", "+@all")
    add(proxy, {"user": "alice", "client_name": "shop", "database": 3}, fault="error",
        error="LOADING")

    def is_hit(name, database, **more):
        with redis_py.Redis(port=proxy.port, client_name=name, db=database, **more) as made:
            try:
                made.get("a")
                return False
            except redis_py.exceptions.BusyLoadingError:
                return True

    alice = {"username": "alice", "password": "secret"}
    assert is_hit("shop", 3, **alice)
    assert not is_hit("shop", 3)
    assert not is_hit("other", 3, **alice)
    assert not is_hit("shop", 2, **alice)


def test_it_is_not_aimed_by_what_the_server_refused(proxy, raw, redis):
    redis.call("SET", "a", "in 0")
    add(proxy, {"user": "bob", "command": "GET"}, name="user", fault="error", error="LOADING")
    add(proxy, {"database": 1, "command": "GET"}, name="database", fault="error",
        error="OOM")
    with pytest.raises(ReplyError, match="WRONGPASS"):
        raw.call("AUTH", "bob", "wrong")
    assert raw.call("GET", "a") == b"in 0"
    assert (raw.call("MULTI"), raw.call("SELECT", 1), raw.call("DISCARD")) == ("OK", "QUEUED", "OK")
    assert raw.call("GET", "a") == b"in 0"
    with pytest.raises(ReplyError, match="out of range"):
        raw.call("SELECT", 99)
    assert (raw.call("MULTI"), raw.call("SELECT", 1)) == ("OK", "QUEUED")
    with pytest.raises(ReplyError, match="unknown command"):
        raw.call("NONSENSE")
    with pytest.raises(ReplyError, match="EXECABORT"):
        raw.call("EXEC")
    assert raw.call("GET", "a") == b"in 0"
    assert hits(proxy) == 0
    assert raw.call("SELECT", 1) == "OK"
    with pytest.raises(ReplyError, match="OOM"):
        raw.call("GET", "a")


@pytest.mark.parametrize("beside", [False, True], ids=["alone", "beside a toxic"])
def test_everything_else_passes(proxy, client, redis, beside):
    if beside:
        add(proxy, {"key": "nobody"}, fault="nil")
        add(proxy, {"key": "nobody"}, name="pushes", fault="drop_push")
    value = bytes(range(256)) * 40_000
    assert client.set("large", value) and client.get("large") == value
    client.mset({f"key {i}": i for i in range(5000)})
    assert client.dbsize() == 5001
    assert sorted(client.scan_iter(count=1000))[0] == b"key 0"
    assert client.eval("return {1, {2, 'x'}, false}", 0) == [1, [2, b"x"], None]
    pipe = client.pipeline(transaction=False)
    for i in range(20_000):
        pipe.incr("n")
    assert pipe.execute()[-1] == 20_000
    client.xadd("s", {"a": 1})
    assert client.xread({"s": 0})[0][0] == b"s"
    timer = threading.Timer(0.2, lambda: redis.call("RPUSH", "queue", "x"))
    timer.start()
    assert client.blpop("queue", 10) == (b"queue", b"x")
    with client.monitor() as monitor:
        redis.call("GET", "seen")
        assert "seen" in next(monitor.listen())["command"]
    assert not_followed(proxy) == (0, [])
    assert hits(proxy) == 0


def test_redis_cli(proxy):
    add(proxy, {"command": "CONFIG GET"}, fault="error", error="NOPERM")
    cli = [require("redis-cli", "redis-tools"), "-p", str(proxy.port)]
    told = subprocess.run([*cli, "CONFIG", "GET", "maxmemory"], capture_output=True, text=True,
                          timeout=30)
    assert told.stdout.startswith("NOPERM this user has no permissions")
    lines = subprocess.run([*cli, "-3"], input="SET a 1\nINCR a\nHGETALL none\n", text=True,
                           capture_output=True, timeout=30).stdout.split("\n")
    assert lines[:2] == ["OK", "2"]


def test_a_replica_behind_the_proxy(proxy, redis):
    redis.call("SET", "a", "1")
    replica = RedisServer()
    try:
        replica.call("REPLICAOF", "127.0.0.1", proxy.port)
        wait_until(lambda: replica.call("GET", "a") == b"1", "the first copy")
        redis.call("SET", "a", "2")
        wait_until(lambda: replica.call("GET", "a") == b"2", "a change")
    finally:
        replica.stop()
    assert not_followed(proxy) == (1, ["replication"])


def test_the_table_of_commands_is_the_servers(redis):
    schema = ROOT / "toxics/redis/schema"
    made = subprocess.run([sys.executable, schema / "generate.py", str(redis.port)], check=True,
                          capture_output=True, text=True, timeout=60).stdout
    assert made == (schema / "tables.cpp").read_text()
