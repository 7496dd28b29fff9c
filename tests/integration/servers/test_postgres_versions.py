"""Protocol 3.2, between libpq 18 and a server that has it, and one that talks it down to 3.0."""

import pytest

from operations import add, hits, ids, journal, not_followed, shop, stock
from servers.postgres_drivers import libpq_probe

#: As libpq numbers them.
OLD, NEW = 30000, 30002


@pytest.fixture
def proxy(proxy_server, postgres_18):
    return shop(proxy_server.api, postgres_18)


@pytest.fixture
def old_proxy(proxy_server, postgres):
    """Before PostgreSQL 15, which does not know 3.2."""
    return shop(proxy_server.api, postgres)


@pytest.mark.parametrize("version, spoken", [("3.0", OLD), ("3.2", NEW), ("latest", NEW)])
def test_without_a_fault(postgres_18, proxy, version, spoken):
    add(proxy, preset="deadlock", match={"query": "never said"})
    seen = libpq_probe(proxy.port, "statement", max_protocol_version=version)
    assert (seen["protocol"], seen["told"], seen["well"]) == (spoken, "committed", True), seen
    assert (stock(postgres_18), hits(proxy)) == (9, 0)
    assert not_followed(proxy) == (0, [])


def check_commit(server, proxy, preset, held, spoken):
    add(proxy, preset=preset)
    seen = libpq_probe(proxy.port, "commit", 7, max_protocol_version="latest")
    assert (seen["protocol"], seen["told"], seen["well"]) == (spoken, "", False), seen
    assert (sorted(ids(server)), hits(proxy)) == (held, 1)
    assert not_followed(proxy) == (0, [])


def check_statement(server, proxy, preset, sqlstate, well, spoken):
    add(proxy, preset=preset, match={"command": "UPDATE"})
    seen = libpq_probe(proxy.port, "statement", max_protocol_version="latest")
    assert (seen["protocol"], seen["told"], seen["sqlstate"], seen["well"]) == (
        spoken, "", sqlstate, well), seen
    assert (stock(server), hits(proxy)) == (10, 1)
    assert not_followed(proxy) == (0, [])


commits = pytest.mark.parametrize("preset, held", [
    ("lose_commit_ack", [7]), ("phantom_commit", [])])
statements = pytest.mark.parametrize("preset, sqlstate, well", [
    ("serialization_failure", "40001", True), ("admin_shutdown", "57P01", False)])


@commits
def test_a_commit(postgres_18, proxy, preset, held):
    check_commit(postgres_18, proxy, preset, held, NEW)


@statements
def test_a_statement(postgres_18, proxy, preset, sqlstate, well):
    check_statement(postgres_18, proxy, preset, sqlstate, well, NEW)


@commits
def test_a_commit_of_who_is_talked_down(postgres, old_proxy, preset, held):
    check_commit(postgres, old_proxy, preset, held, OLD)


@statements
def test_a_statement_of_who_is_talked_down(postgres, old_proxy, preset, sqlstate, well):
    check_statement(postgres, old_proxy, preset, sqlstate, well, OLD)


# ---- requests to cancel, whose key is longer since 3.2 ----

@pytest.mark.parametrize("version", ["3.0", "3.2"])
def test_a_request_to_cancel_is_an_operation(proxy, version):
    add(proxy, fault="delay", delay=1, match={"phase": "cancel"})
    seen = libpq_probe(proxy.port, "cancel", 60, max_protocol_version=version)
    assert (seen["sqlstate"], seen["well"]) == ("57014", True), seen
    assert [each["operation"]["phase"] for each in journal(proxy, "hit")] == ["cancel"]
    assert not_followed(proxy) == (0, [])


def test_a_lost_request_to_cancel_cancels_nothing(proxy):
    add(proxy, fault="disconnect", match={"phase": "cancel"})
    seen = libpq_probe(proxy.port, "cancel", 1, max_protocol_version="3.2")
    assert (seen["told"], seen["sqlstate"], seen["well"]) == ("committed", "", True), seen
    assert hits(proxy) == 1
