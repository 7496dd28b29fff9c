"""One of several instances, of which one at a time shall write: `leader.py NAME PORT`.

Who has the lock in the Redis at REDIS leads, for a second at a time, and writes ten times a second
into the table ledger_rows of the PostgreSQL at POSTGRES. Each new leader has a higher term. With
FENCING=yes the table takes nothing of a term that is over; without it, an instance that does not
hear from Redis believes what it heard last. LEDGER names the lock, and the rows.
"""

import os
import sys
import threading
import time

import psycopg
import redis

from web import Server

LEDGER = os.environ.get("LEDGER", "ledger")
LOCK, TERMS = f"{LEDGER}:lock", f"{LEDGER}:terms"
LEASE_MS = 1000
TURN_S = 0.1
PATIENCE_S = 0.3
MAKE = """
BEGIN; SELECT pg_advisory_xact_lock(hashtext('ledger'));
CREATE TABLE IF NOT EXISTS ledger_terms (ledger text PRIMARY KEY, term bigint NOT NULL);
CREATE TABLE IF NOT EXISTS ledger_rows (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ledger text NOT NULL,
    term bigint NOT NULL, writer text NOT NULL);
COMMIT"""
OPEN = "INSERT INTO ledger_terms VALUES (%s, 0) ON CONFLICT DO NOTHING"
#: The row is locked until the commit: of two who write, one comes first.
FENCE = """
UPDATE ledger_terms SET term = %(term)s WHERE ledger = %(ledger)s AND term <= %(term)s"""
WRITE = "INSERT INTO ledger_rows (ledger, term, writer) VALUES (%(ledger)s, %(term)s, %(name)s)"
#: The term's number is drawn in the step that takes the lock: the holder's is the newest.
TAKE = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
if holder then return tonumber(redis.call('GET', KEYS[2])) end
return redis.call('INCR', KEYS[2])
"""


class Instance:
    def __init__(self, name):
        host, port = os.environ.get("REDIS", "127.0.0.1:6379").rsplit(":", 1)
        self._take = redis.Redis(host=host, port=int(port), socket_timeout=PATIENCE_S,
                                 socket_connect_timeout=PATIENCE_S).register_script(TAKE)
        self._database = psycopg.connect(os.environ.get("POSTGRES", ""), autocommit=True)
        self._database.execute(MAKE)
        self._database.execute(OPEN, (LEDGER,))
        self._fencing = os.environ.get("FENCING", "yes") == "yes"
        self._name = name
        self.term = 0  #: 0: follows
        self.refused = 0  #: writes that the fence kept out

    def run(self):
        while True:
            try:
                self.term = self._take(keys=[LOCK, TERMS],
                                       args=[f"{self._name}:{os.getpid()}", LEASE_MS])
            except redis.RedisError as error:
                print("redis:", error, file=sys.stderr, flush=True)
            if self.term:
                self._write()
            time.sleep(TURN_S)

    def _write(self):
        what = {"ledger": LEDGER, "term": self.term, "name": self._name}
        with self._database.transaction():
            if self._fencing and self._database.execute(FENCE, what).rowcount == 0:
                self.refused += 1
                self.term = 0
                return
            self._database.execute(WRITE, what)

    def status(self, _):
        return 200, {"leads": int(self.term > 0), "term": self.term, "refused": self.refused}


def main(name, port):
    instance = Instance(name)
    server = Server(port, {("GET", "/health"): instance.status})
    threading.Thread(target=server.serve_forever, daemon=True).start()
    instance.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
