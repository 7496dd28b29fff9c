"""Messages of MongoDB's protocol on bare sockets: https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/

As much of BSON as commands need: texts, numbers, booleans, documents, lists; bytes stand for an
object's id."""

import struct

REPLY, QUERY, MESSAGE = 1, 2004, 2013
MORE_TO_COME = 2
EXHAUST_ALLOWED = 1 << 16


class Long(int):
    """A number of 64 bits."""


def _value(value):
    if isinstance(value, bool):
        return 0x08, bytes([value])
    if isinstance(value, Long):
        return 0x12, struct.pack("<q", value)
    if isinstance(value, int):
        return 0x10, struct.pack("<i", value)
    if isinstance(value, float):
        return 0x01, struct.pack("<d", value)
    if isinstance(value, bytes):
        return 0x07, value
    if isinstance(value, str):
        text = value.encode() + b"\0"
        return 0x02, struct.pack("<i", len(text)) + text
    if isinstance(value, list):
        return 0x04, document({str(i): each for i, each in enumerate(value)})
    return 0x03, document(value)


def document(fields):
    made = b""
    for name, value in fields.items():
        kind, data = _value(value)
        made += bytes([kind]) + name.encode() + b"\0" + data
    return struct.pack("<i", len(made) + 5) + made + b"\0"


_SIZES = {0x01: 8, 0x07: 12, 0x08: 1, 0x09: 8, 0x0A: 0, 0x10: 4, 0x11: 8, 0x12: 8, 0x13: 16}
_NUMBERS = {0x01: "<d", 0x08: "<?", 0x10: "<i", 0x12: "<q"}


def fields_of(data):
    """A document's fields; of kinds that no command here has, their bytes."""
    made, at = {}, 4
    while data[at]:
        kind, end = data[at], data.index(b"\0", at + 1)
        name, at = data[at + 1:end].decode(), end + 1
        length = struct.unpack_from("<i", data, at)[0] if kind not in _SIZES else 0
        size = _SIZES.get(kind, length + (4 if kind == 0x02 else 5 if kind == 0x05 else 0))
        value = data[at:at + size]
        at += size
        if kind in _NUMBERS:
            value, = struct.unpack(_NUMBERS[kind], value)
        elif kind == 0x02:
            value = value[4:-1].decode()
        elif kind in (0x03, 0x04):
            value = fields_of(value)
            value = list(value.values()) if kind == 0x04 else value
        made[name] = value
    return made


def message(fields, number, answers=0, flags=0):
    body = struct.pack("<i", flags) + b"\0" + document(fields)
    return struct.pack("<iiii", 16 + len(body), number, answers, MESSAGE) + body


def query(of, fields, number):
    """As old clients ask."""
    body = struct.pack("<i", 0) + of.encode() + b"\0" + struct.pack("<ii", 0, -1)
    body += document(fields)
    return struct.pack("<iiii", 16 + len(body), number, 0, QUERY) + body


def reply(fields, number, answers):
    body = struct.pack("<iqii", 8, 0, 0, 1) + document(fields)
    return struct.pack("<iiii", 16 + len(body), number, answers, REPLY) + body


def take(connection, count):
    """So many bytes; EOFError if it closes before."""
    made = b""
    while len(made) < count:
        more = connection.recv(count - len(made))
        if not more:
            raise EOFError
        made += more
    return made


class Message:
    """One message as it came: `bytes`, `number`, `answers`, `kind`, and its body's `fields`."""

    def __init__(self, connection):
        head = take(connection, 16)
        size, self.number, self.answers, self.kind = struct.unpack("<iiii", head)
        self.bytes = head + take(connection, size - 16)
        self.flags = struct.unpack_from("<i", self.bytes, 16)[0] if self.kind == MESSAGE else 0
        self.fields = self._fields()

    def _fields(self):
        at = 21
        if self.kind == QUERY:
            at = self.bytes.index(b"\0", 20) + 9
        elif self.kind == REPLY:
            at = 36
        elif self.kind != MESSAGE or self.bytes[20] != 0:
            return {}
        return fields_of(self.bytes[at:])

    def with_flags(self, flags):
        return self.bytes[:16] + struct.pack("<i", flags) + self.bytes[20:]

    @property
    def command(self):
        return next(iter(self.fields), "")
