"""A replica set of three members, as far as clients can tell: no real one can be had here.

What is behind is one MongoServer, which all members ask. Each member answers `hello` itself, with
the fields that MongoDB 7's members have, at once and then again when something has changed, as
drivers want it; refuses writes unless it is the primary; and says that a transaction is committed,
of which the stand-in knows nothing.
"""

import socket
import threading
import time

from servers.mongo_wire import (EXHAUST_ALLOWED, MORE_TO_COME, QUERY, Long, Message, message, reply)
from servers.ports import reserve_port

_HELLOS = ("hello", "isMaster", "ismaster")
_WRITES = ("insert", "update", "delete", "findAndModify")
_PROCESS = b"one process "


class MongoSet:
    """A context manager. `host` is what members call themselves by, at their `ports`."""

    def __init__(self, server, host="127.0.0.1"):
        self._server = server
        self.ports = [reserve_port() for _ in range(3)]
        self.members = [f"{host}:{port}" for port in self.ports]
        self.seeds = ",".join(self.members)
        self.primary = 0
        #: (member, command) of all that came, but hellos.
        self.asked = []
        self.hellos = 0
        self._changes = 1
        self._changed = threading.Condition()
        self._over = False
        self._sockets = []
        self._numbers = 1000

    def __enter__(self):
        for member, port in enumerate(self.ports):
            listener = socket.create_server(("127.0.0.1", port))
            self._sockets.append(listener)
            self._start(self._accept, member, listener)
        return self

    def __exit__(self, *_):
        with self._changed:
            self._over = True
            self._changed.notify_all()
        for each in self._sockets:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            each.close()

    def elect(self, member):
        """Another one is the primary; all who wait are told."""
        with self._changed:
            self.primary = member
            self._changes += 1
            self._changed.notify_all()

    @staticmethod
    def _start(what, *how):
        threading.Thread(target=what, args=how, daemon=True).start()

    def _accept(self, member, listener):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            self._sockets.append(connection)
            self._start(self._serve, member, connection)

    def _serve(self, member, connection):
        behind = socket.create_connection(("127.0.0.1", self._server.port))
        self._sockets.append(behind)
        try:
            while True:
                self._answer(member, Message(connection), connection, behind)
        except (EOFError, OSError):
            pass
        finally:
            connection.close()
            behind.close()

    def _answer(self, member, asked, connection, behind):
        if asked.command in _HELLOS:
            self._greet(member, asked, connection)
            return
        self.asked.append((member, asked.command))
        if asked.command in _WRITES and member != self.primary:
            self._say(connection, asked, {"ok": 0.0, "errmsg": "not primary", "code": 10107,
                                          "codeName": "NotWritablePrimary"})
        elif asked.command in ("commitTransaction", "abortTransaction"):
            self._say(connection, asked, {"ok": 1.0})
        else:
            self._pass_on(asked, connection, behind)

    @staticmethod
    def _pass_on(asked, connection, behind):
        """The stand-in takes nothing that wants no answer."""
        wants_none = asked.flags & MORE_TO_COME
        behind.sendall(asked.with_flags(asked.flags & ~MORE_TO_COME) if wants_none else asked.bytes)
        answer = Message(behind)
        if not wants_none:
            connection.sendall(answer.bytes)

    def _number(self):
        with self._changed:
            self._numbers += 1
            return self._numbers

    def _say(self, connection, asked, fields, answers=None, flags=0):
        number = self._number()
        if asked.kind == QUERY:
            connection.sendall(reply(fields, number, asked.number))
        else:
            connection.sendall(message(fields, number, answers or asked.number, flags))
        return number

    def _greet(self, member, asked, connection):
        """Once, or as long as it is wanted: each time answering to the answer before."""
        known = asked.fields.get("topologyVersion", {}).get("counter")
        wait_s = asked.fields.get("maxAwaitTimeMS", 0) / 1000
        goes_on = asked.flags & EXHAUST_ALLOWED
        answers = None
        while not self._over:
            deadline = time.monotonic() + (wait_s if known is not None else 0)
            with self._changed:
                while known == self._changes and not self._over:
                    if not self._changed.wait(max(0, deadline - time.monotonic())):
                        break
                known = self._changes
                fields = self._fields(member, asked)
                self.hellos += 1
            answers = self._say(connection, asked, fields, answers, MORE_TO_COME * bool(goes_on))
            if not goes_on:
                return

    def _fields(self, member, asked):
        is_primary = member == self.primary
        old = {} if asked.command == "hello" else {"ismaster": is_primary}
        compressors = asked.fields.get("compression")
        return {
            "helloOk": True, **old,
            "topologyVersion": {"processId": _PROCESS, "counter": Long(self._changes)},
            "hosts": self.members[:2], "passives": self.members[2:], "arbiters": [],
            "setName": "rs0", "setVersion": 1,
            "isWritablePrimary": is_primary, "secondary": not is_primary,
            "primary": self.members[self.primary], "me": self.members[member],
            **({"electionId": b"\x7f" + bytes(7) + self._changes.to_bytes(4, "big")}
               if is_primary else {}),
            "maxBsonObjectSize": 16777216, "maxMessageSizeBytes": 48000000,
            "maxWriteBatchSize": 100000, "logicalSessionTimeoutMinutes": 30,
            "connectionId": 7, "minWireVersion": 0, "maxWireVersion": 8, "readOnly": False,
            **({"compression": compressors} if compressors else {}),
            "ok": 1.0}
