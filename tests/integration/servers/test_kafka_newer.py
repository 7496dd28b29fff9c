"""A client and a broker that are newer than the program: a recorded session with higher numbers.

All of it passes byte for byte, each kind is told once for a connection, and what is known is still
followed.
"""

import struct

import pytest

from kafka_inside import stats
from kafka_operations import add
from operations import journal
from servers.kafka_raw import METADATA, RawKafka, StandIn, sized
from servers.proxy_server import ROOT

CORPUS = ROOT / "tests/fuzz/corpus/kafka"
#: Kinds whose answers may carry addresses.
CARRIERS = {"Produce", "Fetch", "Metadata", "FindCoordinator", "DescribeCluster"}


def exchanges():
    """Each recorded request with its answer, of the same correlation; both without lengths."""
    made = []
    for file in sorted(CORPUS.glob("request-*")):
        request = file.read_bytes()[1:]
        answer = CORPUS / file.name.replace("request", "response")
        if answer.exists():
            made.append((request, answer.read_bytes()[5:]))
    assert len(made) > 30
    return [(frame(request, correlation=number), struct.pack("!i", number) + answer[4:])
            for number, (request, answer) in enumerate(made)]


def frame(request, key=0, version=0, correlation=None):
    """The request with its numbers raised by so many."""
    was = struct.unpack_from("!hhi", request)
    return struct.pack("!hhi", was[0] + key, was[1] + version,
                       was[2] if correlation is None else correlation) + request[8:]


class Session:
    """A proxy with a broker behind it that knows what to say."""

    def __init__(self, proxy_server, exchanges):
        self._exchanges = exchanges
        answers = dict(exchanges)
        self.server = StandIn(lambda request, _: answers[request])
        self._api = proxy_server.api

    def run(self):
        """The proxy after it, and the frames that came back."""
        with self.server:
            proxy = self._api.create_proxy("kafka", f"127.0.0.1:{self.server.port}",
                                           protocol="kafka")
            add(proxy, fault="error", error="UNKNOWN_SERVER_ERROR", rate=1)
            with RawKafka(proxy.host, proxy.port) as client:
                client.send(b"".join(sized(request) for request, _ in self._exchanges))
                return proxy, [client.frame() for _ in self._exchanges]


@pytest.mark.parametrize("key, version", ((0, 20), (1000, 0), (1000, 20)),
                         ids=("versions", "kinds", "both"))
def test_what_is_newer_passes(proxy_server, key, version):
    """Twice. The server would not know a request of which one byte is another."""
    newer = [(frame(request, key, version), answer) for request, answer in exchanges()]
    proxy, came = Session(proxy_server, newer + newer).run()
    assert came == [answer for _, answer in newer + newer]
    told = stats(proxy)
    reasons = [each["reason"] for each in journal(proxy, "unknown")]
    assert told["unknown"] == len(reasons) == len(set(reasons)) == len(newer)
    assert told["hits"] == told["rewritten"] == told["connections"]["not_followed"] == 0
    around = {f"in {each}" for each in reasons if each.split()[0] in CARRIERS}
    assert {each["reason"] for each in journal(proxy, "bypass")} == around
    assert told["bypass"] == len(around) == (0 if key else 9)


def test_what_is_known_among_it_is_followed(proxy_server):
    """Its answer tells where the broker is."""
    known = [each for each in exchanges() if each[0][:2] == struct.pack("!h", METADATA)]
    newer = [(frame(request, 1000), answer) for request, answer in exchanges()]
    proxy, came = Session(proxy_server, newer + known[:1]).run()
    assert came[:-1] == [answer for _, answer in newer]
    assert came[-1] != known[0][1]
    assert stats(proxy)["rewritten"] > 0 and stats(proxy)["hits"] == 1
