"""What becomes of an order when the answer to its COMMIT is lost."""

import os
import uuid

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from orders import TABLE, NaiveOrders, Order, RobustOrders

POSTGRES = os.environ.get("POSTGRES_ADDRESS", "localhost:5432")


def lost_answer(preset):
    """The first COMMIT of the test gets no answer. If it gets one, the plugin fails the test."""
    return pytest.mark.toxic("postgres", type="postgres", attributes={"preset": preset},
                             trigger={"times": 1})


@pytest.fixture
def conninfo(proxy):
    """How the service connects: through a proxy that follows the protocol, so without TLS."""
    through = proxy("postgres", POSTGRES, protocol="postgres")
    return make_conninfo(host=through.host, port=through.port, sslmode="disable")


@pytest.fixture(scope="module")
def database():
    """The test's own connection, past the proxy: only the service meets the faults."""
    host, port = POSTGRES.rsplit(":", 1)
    with psycopg.connect(host=host, port=port, autocommit=True) as connection:
        connection.execute(TABLE)
        yield connection


@pytest.fixture
def placed(database, order):
    """A function: the ids under which the order is there."""
    def ids():
        return [row[0] for row in database.execute(
            "SELECT id FROM placed_orders WHERE customer = %s ORDER BY id", (order.customer,))]
    return ids


@pytest.fixture
def order():
    return Order(str(uuid.uuid4()), customer=f"customer {uuid.uuid4()}", item="tea")


@lost_answer("lose_commit_ack")
def test_robust_orders_once_when_the_commit_succeeded(conninfo, order, placed):
    assert [RobustOrders(conninfo).place(order)] == placed()


@lost_answer("phantom_commit")
def test_robust_orders_once_when_nothing_was_committed(conninfo, order, placed):
    assert [RobustOrders(conninfo).place(order)] == placed()


@lost_answer("lose_commit_ack")
def test_naive_orders_twice_when_the_commit_succeeded(conninfo, order, placed):
    told = NaiveOrders(conninfo).place(order)
    assert len(placed()) == 2
    assert told == placed()[1]  # nobody knows of the first one
