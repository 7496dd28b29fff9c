"""Each fault of the toxic `redis` with each client: what is seen is what docs/redis.md says.

New versions of clients: redis_client_bench.py prints the table anew.
"""

import functools

import pytest

from redis_client_bench import HEAD, Bench
from redis_client_faults import FAULTS
from servers.proxy_server import ROOT
from servers.redis_drivers import DRIVERS

_BY_TITLE = {fault.title: fault for fault in FAULTS}


def _rows():
    """The table of the page, its head first, each row as its cells."""
    text = (ROOT / "docs/redis.md").read_text().split("## What clients make of them\n")[1]
    lines = [line for line in text.split("\n## ")[0].splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


HEAD_OF_PAGE, _, *ROWS = _rows()
TOLD = {title: dict(zip(DRIVERS, cells)) for title, *cells in ROWS}


@pytest.fixture(scope="module")
def bench():
    with Bench() as made:
        yield made


@pytest.fixture(scope="module")
def seen(bench):
    """A function: by client, what is seen of the fault of a title. It looks once."""
    return functools.cache(lambda title: bench.seen(_BY_TITLE[title]))


def test_the_page_has_all_faults_and_clients():
    assert (HEAD_OF_PAGE, list(TOLD)) == (list(HEAD), list(_BY_TITLE))


@pytest.mark.parametrize("client", DRIVERS)
@pytest.mark.parametrize("title", _BY_TITLE)
def test_a_client(seen, title, client):
    assert seen(title)[client] == TOLD[title][client]


def test_a_failover(bench):
    """All but hiredis write again when it is over. What ioredis gave up it sends all the same."""
    for client, (done, errors, held) in bench.failover().items():
        assert any("READONLY" in each or "ReadOnly" in each for each in errors), client
        assert len(errors) >= 2, client
        if client == "hiredis":
            assert (done, held) == (0, 0)
        elif client == "ioredis":
            assert 1 <= done <= held
        else:
            assert 1 <= done == held, client


def test_each_connection_was_followed(bench, seen):
    assert seen("GET: `nil`").keys() == DRIVERS.keys()
    assert bench.not_followed() == 0
