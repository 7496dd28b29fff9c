"""What the fault `nil` makes of an answer is, to the byte, what a real Redis says where there is no
such key: of each command that only reads, and of others that look something up."""

import pytest

from servers.resp import RespConnection, encode

END = b"$4\r\n@end\r\n"

FILLED = """
MSET string abc other abd
HSET hash f 1 g 2
RPUSH list x y z
SADD set a b
SADD set2 a
ZADD sorted 1 a 2 b
GEOADD geo 13.361389 38.115556 a 15.087269 37.502669 b
XADD stream 1-1 f v
XADD stream 1-2 f v
XGROUP CREATE stream group 0
XREADGROUP GROUP group c COUNT 1 STREAMS stream >
PFADD hll a b
"""

READING = """
GET string
MGET string other
STRLEN string
GETRANGE string 0 -1
SUBSTR string 0 -1
GETBIT string 1
BITCOUNT string
BITPOS string 1
BITPOS string 0
BITFIELD_RO string GET u8 0 GET u4 1
LCS string other
LCS string other LEN
LCS string other IDX
EXISTS string hash
TOUCH string
TTL string
PTTL string
EXPIRETIME string
PEXPIRETIME string
TYPE string
DUMP string
OBJECT ENCODING string
OBJECT REFCOUNT string
OBJECT IDLETIME string
MEMORY USAGE string
SORT_RO list ALPHA
HGET hash f
HMGET hash f g
HGETALL hash
HKEYS hash
HVALS hash
HLEN hash
HSTRLEN hash f
HEXISTS hash f
HRANDFIELD hash
HRANDFIELD hash 2
HRANDFIELD hash 2 WITHVALUES
HSCAN hash 0
LLEN list
LINDEX list 0
LRANGE list 0 -1
LPOS list x
LPOS list x COUNT 1
SCARD set
SMEMBERS set
SISMEMBER set a
SMISMEMBER set a c
SRANDMEMBER set
SRANDMEMBER set 2
SSCAN set 0
SINTER set set2
SUNION set set2
SDIFF set set2
SINTERCARD 2 set set2
ZCARD sorted
ZCOUNT sorted 0 5
ZLEXCOUNT sorted - +
ZSCORE sorted a
ZMSCORE sorted a b
ZRANK sorted a
ZREVRANK sorted a
ZRANGE sorted 0 -1
ZRANGE sorted 0 -1 WITHSCORES
ZREVRANGE sorted 0 -1
ZRANGEBYSCORE sorted 0 5
ZREVRANGEBYSCORE sorted 5 0
ZRANGEBYLEX sorted - +
ZREVRANGEBYLEX sorted + -
ZRANDMEMBER sorted
ZRANDMEMBER sorted 2
ZSCAN sorted 0
ZINTER 1 sorted
ZUNION 1 sorted
ZDIFF 1 sorted
ZINTERCARD 1 sorted
GEOPOS geo a b
GEOHASH geo a b
GEODIST geo a b
GEOSEARCH geo FROMMEMBER a BYRADIUS 500 km
GEORADIUS_RO geo 15 37 500 km
GEORADIUSBYMEMBER_RO geo a 500 km
XLEN stream
XRANGE stream - +
XREVRANGE stream + -
XREAD STREAMS stream 0
XPENDING stream group
XPENDING stream group - + 1
XINFO STREAM stream
XINFO GROUPS stream
XINFO CONSUMERS stream group
PFCOUNT hll
KEYS *
RANDOMKEY
DBSIZE
SCAN 0
"""

#: OBJECT FREQ is refused unless the server evicts by it.
NOT_COMPARED = {"eval_ro", "evalsha_ro", "fcall_ro", "lolwut", "object|freq"}

CHANGING = """
GETDEL string
GETEX string
GETSET string new
SET string new GET XX
DEL string
UNLINK string
COPY string copy
MOVE string 1
RENAMENX string renamed
EXPIRE string 100
PEXPIRE string 100000
EXPIREAT string 99999999999
PEXPIREAT string 99999999999999
PERSIST expiring
SORT list ALPHA
HDEL hash f
LPOP list
LPOP list 2
RPOP list
RPOP list 2
LMOVE list moved LEFT LEFT
RPOPLPUSH list moved
BLMOVE list moved LEFT LEFT 0.01
BRPOPLPUSH list moved 0.01
BLPOP list 0.01
BRPOP list 0.01
LMPOP 1 list LEFT
BLMPOP 0.01 1 list LEFT
LREM list 0 x
LINSERT list BEFORE x a
LPUSHX list a
RPUSHX list a
SPOP set
SPOP set 2
SREM set a
SMOVE set set2 b
SINTERSTORE stored set set2
SUNIONSTORE stored set set2
SDIFFSTORE stored set set2
ZPOPMIN sorted
ZPOPMAX sorted 2
BZPOPMIN sorted 0.01
BZPOPMAX sorted 0.01
ZMPOP 1 sorted MIN
BZMPOP 0.01 1 sorted MIN
ZREM sorted a
ZREMRANGEBYRANK sorted 0 1
ZREMRANGEBYSCORE sorted 0 5
ZREMRANGEBYLEX sorted - +
ZRANGESTORE stored sorted 0 1
ZUNIONSTORE stored 1 sorted
ZINTERSTORE stored 1 sorted
ZDIFFSTORE stored 1 sorted
GEORADIUS geo 15 37 500 km
GEORADIUSBYMEMBER geo a 500 km
GEOSEARCHSTORE stored geo FROMMEMBER a BYRADIUS 500 km
XACK stream group 1-1
XDEL stream 1-1
XTRIM stream MAXLEN 0
XCLAIM stream group d 0 1-1
XAUTOCLAIM stream group d 0 0
BITOP NOT stored string
"""

#: They look nothing up: what they say is left alone.
PASSING = ("INCR counter", "APPEND string d", "SADD set c", "HSET hash f 3", "LPUSH list a",
           "PING", "ECHO a", "LASTSAVE", "ROLE", "CONFIG GET maxmemory", "CLIENT GETNAME",
           "COMMAND COUNT", "PUBLISH channel a", "SETRANGE string 0 x", "BITFIELD string GET u8 0")


def lines(text):
    return [each.split() for each in text.strip().splitlines()]


def ask(connection, words):
    """The answer's bytes."""
    connection.send(encode(*words) + encode("ECHO", "@end"))
    return connection.receive_until(END).removesuffix(END)


def fill(connection):
    ask(connection, ("FLUSHALL",))
    for words in lines(FILLED):
        assert not ask(connection, words).startswith(b"-"), words
    ask(connection, ("SET", "expiring", "a", "EX", "100"))


@pytest.fixture
def proxy(proxy_server, redis):
    made = proxy_server.api.create_proxy("redis", redis.address, protocol="redis")
    made.api.json("POST", f"/proxies/{made.name}/toxics",
                  {"type": "redis", "attributes": {"fault": "nil"}})
    return made


@pytest.fixture(params=["2", "3"], ids=["RESP2", "RESP3"])
def both(request, proxy, redis):
    """A connection to the server and one through the proxy."""
    with RespConnection("127.0.0.1", redis.port) as direct, \
            RespConnection("127.0.0.1", proxy.port) as through:
        for each in (direct, through):
            assert not ask(each, ("HELLO", request.param)).startswith(b"-")
        yield direct, through


@pytest.mark.parametrize("commands", (READING, CHANGING), ids=("reading", "changing"))
def test_a_miss_is_what_the_server_says_without_the_key(both, commands):
    direct, through = both
    differ = {}
    for words in lines(commands):
        fill(direct)
        told = ask(through, words)
        ask(direct, ("FLUSHALL",))
        if (real := ask(direct, words)) != told:
            differ[" ".join(words)] = (told, real)
    assert differ == {}


def test_what_looks_nothing_up_is_left_alone(both):
    direct, through = both
    for words in lines("\n".join(PASSING)):
        fill(direct)
        real = ask(direct, words)
        fill(direct)
        assert ask(through, words) == real, words


def test_all_commands_that_read_are_compared(redis):
    def rows(all_rows):
        for each in all_rows:
            yield each
            yield from rows(each[9])

    reading = {each[0].decode() for each in rows(redis.call("COMMAND")) if "readonly" in each[2]}
    compared = {name for words in lines(READING)
                for name in (words[0].lower(), "|".join(words[:2]).lower())}
    assert reading - compared == NOT_COMPARED
