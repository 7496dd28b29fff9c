"""Clients of Kafka that say who they are are followed, and those that encrypt are not."""

import collections
import dataclasses
import subprocess

import pytest

from kafka_inside import addresses_of, assert_inside, make, stats, unique
from kafka_operations import add
from operations import journal, not_followed
from servers import kcat
from servers.kafka_cluster import KafkaCluster, Listener
from servers.kafka_fixtures import java  # noqa: F401
from servers.ports import reserve_port
from servers.process import require

_SETTINGS = """
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256
{users}
listener.name.again.plain.connections.max.reauth.ms=1500
listener.name.tls.ssl.keystore.type=PEM
listener.name.tls.ssl.keystore.location={keys}
"""
_OF_LISTENER = """
listener.name.{name}.plain.sasl.jaas.config={modules}.plain.PlainLoginModule required \
  user_alice="alice-secret";
listener.name.{name}.scram-sha-256.sasl.jaas.config={modules}.scram.ScramLoginModule required;
"""
_MODULES = "org.apache.kafka.common.security"


@dataclasses.dataclass(frozen=True)
class User:
    """Who logs in, and how; `password`: another than the right one."""

    name: str
    mechanism: str
    module: str
    password: str = ""

    @property
    def settings(self):
        """Those that all clients have."""
        return {"security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": self.mechanism}

    def of_kcat(self):
        word = self.password or f"{self.name}-secret"
        return [f"{name}={value}" for name, value in self.settings.items()] + [
            f"sasl.username={self.name}", f"sasl.password={word}", "message.timeout.ms=5000"]

    def of_java(self):
        return self.settings | {"sasl.jaas.config": f'{_MODULES}.{self.module} required '
                                f'username="{self.name}" password="{self.name}-secret";'}


PLAIN = User("alice", "PLAIN", "plain.PlainLoginModule")
SCRAM = User("bob", "SCRAM-SHA-256", "scram.ScramLoginModule")

both = pytest.mark.parametrize("user", (PLAIN, SCRAM), ids=lambda user: user.mechanism)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Of 127.0.0.1, which signed it itself; the key stands in `keys.pem` with it."""
    folder = tmp_path_factory.mktemp("tls")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [require("openssl", "openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True, timeout=60)
    (folder / "keys.pem").write_text(key.read_text() + certificate.read_text())
    return certificate


@pytest.fixture(scope="module")
def secured(progress, certificate):
    """One broker: clients log in, at AGAIN every 1.5 s; TLS advertises the port of a proxy."""
    listeners = (Listener("SASL", "SASL_PLAINTEXT"), Listener("AGAIN", "SASL_PLAINTEXT"),
                 Listener("TLS", "SSL", advertised=reserve_port()))
    users = "".join(_OF_LISTENER.format(name=name, modules=_MODULES) for name in ("sasl", "again"))
    node = KafkaCluster(progress, 1, _SETTINGS.format(
        users=users, keys=certificate.with_name("keys.pem")), further=listeners,
        scram=["SCRAM-SHA-256=[name=bob,password=bob-secret]"])
    node.advertised = listeners[-1].advertised
    yield node
    node.close()


@pytest.fixture
def proxy(proxy_server, secured):
    return make(proxy_server, secured, upstream=secured.address("SASL"))


@pytest.fixture
def logins(proxy):
    """How often requests to log in came, by connection."""
    add(proxy, {"api": "SaslHandshake,SaslAuthenticate"}, fault="delay", delay=1)

    def asked():
        told = collections.defaultdict(list)
        for each in journal(proxy, "hit"):
            told[each["connection"]].append(each["operation"]["api"])
        return list(told.values())
    return asked


@both
def test_who_logs_in_stays_inside(java, secured, proxy, logins, user):
    """librdkafka 2.0 cannot by SCRAM: brokers do not take its nonce (CVE-2024-56128)."""
    topic, name = unique("topic"), unique("producer")
    before = java.connected_to()
    java.open("producer", name, proxy.listen, user.of_java())
    assert java.call("producer.send", name, topic=topic, messages=[["", "java"]])["results"] == [0]
    values = [b"java"]
    if user is PLAIN:
        made = kcat.produce(proxy.listen, topic, [b"kcat"], user.of_kcat(), debug="broker")
        assert kcat.connected_to(made.stderr.decode()) == addresses_of(proxy)
        values.append(b"kcat")
        assert kcat.consume(proxy.listen, topic, user.of_kcat()).stdout.split() == values
    assert kcat.consume(secured.direct, topic).stdout.split() == values
    assert java.connected_to() - before == addresses_of(proxy)
    tokens = 1 if user is PLAIN else 2
    assert set(map(tuple, logins())) == {("SaslHandshake", *["SaslAuthenticate"] * tokens)}
    assert_inside(proxy)


def test_who_says_the_wrong_word(proxy):
    wrong = dataclasses.replace(PLAIN, password="guess")
    made = kcat.produce(proxy.listen, unique("topic"), [b"x"], wrong.of_kcat())
    assert made.returncode == 1 and b"SASL authentication error: Auth" in made.stderr
    assert not_followed(proxy) == (0, [])


def test_who_is_told_that_it_was_the_wrong_word(proxy):
    add(proxy, {"api": "SaslAuthenticate"}, fault="error", error="SASL_AUTHENTICATION_FAILED",
        apply="after")
    made = kcat.produce(proxy.listen, unique("topic"), [b"x"], PLAIN.of_kcat())
    assert made.returncode == 1 and b"SASL authentication error" in made.stderr
    assert {each["operation"]["api"] for each in journal(proxy, "hit")} == {"SaslAuthenticate"}


def test_who_has_to_log_in_again(java, secured, proxy, logins):
    """On the same connection, in the middle of what it sends."""
    proxy.api.json("POST", f"/proxies/{proxy.name}", {"upstream": secured.address("AGAIN")})
    topic, name = unique("topic"), unique("producer")
    java.open("producer", name, proxy.listen, PLAIN.of_java())
    messages = [["", str(number)] for number in range(100)]
    assert java.call("producer.send", name, topic=topic, one_by_one=True, pause_us=20_000,
                     messages=messages)["results"] == list(range(100))
    assert max(each.count("SaslHandshake") for each in logins()) >= 2
    assert_inside(proxy)


def test_tls_passes_and_is_told(java, secured, proxy_server, certificate):
    """The broker has to advertise the proxy, since its answers cannot be read."""
    of_kcat = ["security.protocol=SSL", f"ssl.ca.location={certificate}"]
    of_java = {"security.protocol": "SSL", "ssl.truststore.type": "PEM",
               "ssl.truststore.location": str(certificate)}
    topic, name = unique("topic"), unique("producer")
    proxy = make(proxy_server, secured, upstream=secured.address("TLS"),
                 listen=f"127.0.0.1:{secured.advertised}")
    made = kcat.produce(proxy.listen, topic, [b"kcat"], of_kcat)
    assert made.returncode == 0, made.stderr
    java.open("producer", name, proxy.listen, of_java)
    assert java.call("producer.send", name, topic=topic, messages=[["", "java"]])["results"] == [1]
    assert kcat.consume(proxy.listen, topic, of_kcat).stdout == b"kcat\njava\n"
    count, reasons = not_followed(proxy)
    assert count == stats(proxy)["connections"]["total"] == len(reasons) >= 3
    assert set(reasons) == {"encrypted"}
    assert (stats(proxy)["rewritten"], stats(proxy)["bypass"]) == (0, 0)

    other = make(proxy_server, secured, "other", upstream=secured.address("TLS"))
    around = kcat.produce(other.listen, topic, [b"around"], of_kcat, debug="broker")
    assert kcat.connected_to(around.stderr.decode()) == {other.listen, proxy.listen}
    assert stats(other)["connections"]["not_followed"] == 1
