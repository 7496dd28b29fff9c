"""The first half of a CDC pipeline: each change of the table customers becomes an event on Kafka.

The environment says where: POSTGRES as libpq takes it, KAFKA as host:port, TOPIC, and PORT, where
/health is. A trigger writes each change into a table in the transaction that makes it; here they
are read from there, published and marked. Who dies between the two publishes again: at least once.
"""

import json
import os
import sys
import threading
import time

import psycopg
from confluent_kafka import KafkaException

from topic import Topic
from web import Server

MAKE = """
BEGIN; SELECT pg_advisory_xact_lock(hashtext('customers'));
CREATE TABLE IF NOT EXISTS customers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);
CREATE TABLE IF NOT EXISTS changes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer bigint NOT NULL,
    document jsonb NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp(),
    sent boolean NOT NULL DEFAULT false);
CREATE INDEX IF NOT EXISTS changes_to_send ON changes (id) WHERE NOT sent;
CREATE OR REPLACE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO changes (customer, document) VALUES (new.id, to_jsonb(new));
    RETURN new;
END $$;
CREATE OR REPLACE TRIGGER note_change AFTER INSERT OR UPDATE ON customers
    FOR EACH ROW EXECUTE FUNCTION note_change();
COMMIT"""
TO_SEND = """
SELECT id, customer, document, extract(epoch FROM at)::float8 FROM changes
WHERE NOT sent ORDER BY id LIMIT 500"""
LOOK_S = 0.05


def capture(connection, topic):
    """Sends what is to be sent; how many that were."""
    rows = connection.execute(TO_SEND).fetchall()
    answers = [topic.begin(customer, json.dumps(
        {"change": change, "key": customer, "document": document, "at": at}))
        for change, customer, document, at in rows]
    for answer in answers:
        if (error := answer.result(10)) is not None:
            raise KafkaException(error)
    connection.execute("UPDATE changes SET sent = true WHERE id = ANY(%s)",
                       ([row[0] for row in rows],))
    return len(rows)


def run(topic):
    connection = None
    while True:
        try:
            if connection is None:
                connection = psycopg.connect(os.environ.get("POSTGRES", ""), autocommit=True,
                                             connect_timeout=2)
            if capture(connection, topic) == 0:
                time.sleep(LOOK_S)
        except (psycopg.Error, KafkaException) as error:
            print("again:", str(error).strip(), file=sys.stderr, flush=True)
            if isinstance(error, psycopg.Error) and connection is not None:
                connection.close()
                connection = None
            time.sleep(LOOK_S)


def main():
    with psycopg.connect(os.environ.get("POSTGRES", ""), autocommit=True) as connection:
        connection.execute(MAKE)
    health = Server(os.environ.get("PORT", "8090"),
                    {("GET", "/health"): lambda _: (200, {"status": "up"})})
    threading.Thread(target=health.serve_forever, daemon=True).start()
    run(Topic(os.environ.get("KAFKA", "127.0.0.1:9092"), os.environ.get("TOPIC", "cdc"), 5))


if __name__ == "__main__":
    main()
