"""Each preset with each driver: what the application saw, beside what the database holds.

psql, psycopg and asyncpg: test_postgres_operations.py.
"""

import pytest

from operations import add, hits, ids, shop, stock
from servers.postgres_drivers import DRIVERS, probe

#: By preset: the SQLSTATE that an UPDATE in a transaction fails with; the connection goes on.
ERRORS = {
    "serialization_failure": "40001",
    "deadlock": "40P01",
    "lock_timeout": "55P03",
    "statement_timeout": "57014",
    "unique_violation": "23505",
    "read_only": "25006",
    "disk_full": "53100",
}
#: What ends the connection: what a driver may make of it. Some tell the server's code, some their own.
ENDS = {
    "admin_shutdown": ("57P01", "08006", "08000", ""),
    "crash": ("57P02", "08006", "08000", ""),
}
LOGINS = {"starting_up": "57P03", "too_many_connections": "53300"}

driver = pytest.mark.parametrize("driver", DRIVERS)


@pytest.fixture
def proxy(proxy_server, postgres):
    return shop(proxy_server.api, postgres)


@driver
def test_without_a_fault(postgres, proxy, driver):
    add(proxy, preset="deadlock", match={"query": "never said"})
    seen = probe(driver, proxy.port, "statement", 0)
    assert (seen["told"], seen["well"], stock(postgres), hits(proxy)) == ("committed", True, 9, 0)
    assert proxy.api.text("GET", "/journal?kind=not_followed") == ""


@driver
@pytest.mark.parametrize("preset", ERRORS)
def test_an_error(postgres, proxy, driver, preset):
    add(proxy, preset=preset, match={"command": "UPDATE"})
    seen = probe(driver, proxy.port, "statement", 0)
    assert seen["sqlstate"] == ERRORS[preset]
    assert seen.get("told", "") == ""
    assert seen["well"]
    assert (stock(postgres), hits(proxy)) == (10, 1)


@driver
@pytest.mark.parametrize("preset", ENDS)
def test_the_end_of_the_connection(postgres, proxy, driver, preset):
    add(proxy, preset=preset, match={"command": "UPDATE"})
    seen = probe(driver, proxy.port, "statement", 0)
    assert seen["sqlstate"] in ENDS[preset]
    assert seen.get("told", "") == "" and not seen["well"]
    assert (stock(postgres), hits(proxy)) == (10, 1)


@driver
@pytest.mark.parametrize("preset", LOGINS)
def test_a_login(proxy, driver, preset):
    add(proxy, preset=preset)
    seen = probe(driver, proxy.port, "statement", 0)
    assert not seen["connected"]
    assert seen["sqlstate"] == LOGINS[preset]
    assert hits(proxy) >= 1


@driver
@pytest.mark.parametrize("preset, held", [("lose_commit_ack", [7]), ("phantom_commit", [])])
def test_a_commit(postgres, proxy, driver, preset, held):
    add(proxy, preset=preset)
    seen = probe(driver, proxy.port, "commit", 7)
    assert seen["connected"] and seen.get("told", "") == "" and not seen["well"]
    assert seen["sqlstate"] in ("", "08006", "08000", "08003")
    assert (sorted(ids(postgres)), hits(proxy)) == (held, 1)


@pytest.mark.parametrize("driver", [name for name in DRIVERS if name.startswith("pgjdbc")])
def test_an_error_in_the_middle_of_a_batch(postgres, proxy, driver):
    add(proxy, preset="unique_violation", trigger={"after_hits": 4, "times": 1},
        match={"command": "INSERT"})
    seen = probe(driver, proxy.port, "batch", 100)
    assert seen["sqlstate"] == "23505" and seen["well"]
    assert (sorted(ids(postgres)), hits(proxy)) == ([], 1)
