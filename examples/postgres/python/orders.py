"""Places orders in PostgreSQL, each in a transaction."""

import itertools
from dataclasses import dataclass

import psycopg

ATTEMPTS = 3
TABLE = """
CREATE TABLE IF NOT EXISTS placed_orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    idempotency_key text UNIQUE,
    customer text NOT NULL,
    item text NOT NULL
)"""


@dataclass(frozen=True)
class Order:
    """What somebody wants."""

    idempotency_key: str  #: made together with the order, the same in each attempt to place it
    customer: str
    item: str


class Orders:
    """Places orders; how one is inserted is up to the subclass."""

    def __init__(self, conninfo: str):
        self._conninfo = conninfo

    def place(self, order: Order) -> int:
        """The id of the order. When the connection breaks it tries again; after the last attempt,
        psycopg.OperationalError: then the order may be placed or not."""
        for attempt in itertools.count(1):
            try:
                with psycopg.connect(self._conninfo) as connection:  # commits at its end
                    return self._insert(connection, order)
            except psycopg.OperationalError:
                if attempt == ATTEMPTS:
                    raise

    def _insert(self, connection: psycopg.Connection, order: Order) -> int:
        raise NotImplementedError


class NaiveOrders(Orders):
    """Takes an error for a transaction that was rolled back. It may be committed as well."""

    def _insert(self, connection: psycopg.Connection, order: Order) -> int:
        return connection.execute(
            "INSERT INTO placed_orders (customer, item) VALUES (%s, %s) RETURNING id",
            (order.customer, order.item)).fetchone()[0]


class RobustOrders(Orders):
    """Another attempt finds the order of the one before, by its key."""

    def _insert(self, connection: psycopg.Connection, order: Order) -> int:
        connection.execute(
            "INSERT INTO placed_orders (idempotency_key, customer, item) VALUES (%s, %s, %s) "
            "ON CONFLICT (idempotency_key) DO NOTHING",
            (order.idempotency_key, order.customer, order.item))
        return connection.execute("SELECT id FROM placed_orders WHERE idempotency_key = %s",
                                  (order.idempotency_key,)).fetchone()[0]
