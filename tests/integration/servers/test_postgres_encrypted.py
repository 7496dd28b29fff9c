"""Sessions that nobody but server and client can read: they pass, are told and counted."""

import pytest

from operations import add, hits, not_followed, shop, stock
from servers.kerberos import Kdc, PostgresWithGssapi
from servers.postgres_drivers import libpq_probe


@pytest.fixture(scope="module")
def kdc():
    server = Kdc()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def gssapi_server(kdc):
    server = PostgresWithGssapi(kdc)
    yield server
    server.stop()


def check_untouched(server, proxy, reason, **options):
    """The session works, and no toxic acts on it."""
    add(proxy, preset="admin_shutdown")
    seen = libpq_probe(proxy.port, "statement", **options)
    assert (seen["told"], seen["well"]) == ("committed", True), seen
    assert (stock(server), hits(proxy)) == (9, 0)
    assert not_followed(proxy) == (1, [reason])
    return seen


def check_followed(server, proxy, **options):
    """The session has one error, in the middle of a transaction."""
    add(proxy, preset="deadlock", match={"command": "UPDATE"})
    seen = libpq_probe(proxy.port, "statement", **options)
    assert (seen["tls"], seen["sqlstate"], seen["well"]) == (False, "40P01", True), seen
    assert (stock(server), hits(proxy)) == (10, 1)


@pytest.mark.parametrize("options, reason", [
    ({"sslmode": "require", "sslnegotiation": "direct"}, "encrypted: TLS from the first byte"),
    ({"sslmode": "require"}, "encrypted: TLS"),
    ({"sslmode": "prefer", "max_protocol_version": "latest"}, "encrypted: TLS"),
], ids=["direct", "asked for", "preferred"])
def test_tls_passes_unharmed(proxy_server, postgres_18, options, reason):
    proxy = shop(proxy_server.api, postgres_18)
    assert check_untouched(postgres_18, proxy, reason, **options)["tls"]


def test_who_prefers_tls_and_gets_none_is_followed(proxy_server, postgres):
    proxy = shop(proxy_server.api, postgres)
    check_followed(postgres, proxy, sslmode="prefer")
    assert not_followed(proxy) == (0, [])


@pytest.mark.parametrize("mode", ["require", "prefer"])
def test_gssapi_passes_unharmed(proxy_server, kdc, gssapi_server, mode):
    gssapi_server.query("DROP TABLE IF EXISTS notes, stock")
    proxy = shop(proxy_server.api, gssapi_server)
    check_untouched(gssapi_server, proxy, "encrypted: GSSAPI", environment=kdc.environment,
                    gssencmode=mode)


@pytest.mark.parametrize("sslmode", ["disable", "prefer"])
def test_a_server_without_gssapi_says_no(proxy_server, kdc, postgres_18, sslmode):
    """What comes behind its `N`, a start or a request for TLS, is on the same connection."""
    proxy = shop(proxy_server.api, postgres_18)
    asked = {"environment": kdc.environment, "gssencmode": "prefer", "sslmode": sslmode}
    if sslmode == "prefer":
        check_untouched(postgres_18, proxy, "encrypted: TLS", **asked)
    else:
        check_followed(postgres_18, proxy, **asked)
        assert not_followed(proxy) == (0, [])
    assert proxy.api.json("GET", "/proxies/postgres/stats")["connections"]["total"] == 1


def test_a_server_without_keys_fails_and_the_next_connection_is_followed(
        proxy_server, kdc, postgres):
    """PostgreSQL says that it has GSSAPI, finds no keytab, and libpq tries again without."""
    proxy = shop(proxy_server.api, postgres)
    check_followed(postgres, proxy, environment=kdc.environment, gssencmode="prefer")
    assert not_followed(proxy) == (1, ["encrypted: GSSAPI"])
