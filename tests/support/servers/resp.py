"""A Redis client on a bare socket: what goes out and comes in is under the test's control."""

from servers.raw import RawConnection


class ReplyError(RuntimeError):
    """Redis answered with an error."""


def encode(*words):
    """One command as bytes of the Redis protocol."""
    parts = [f"*{len(words)}\r\n".encode()]
    for word in words:
        data = word if isinstance(word, bytes) else str(word).encode()
        parts.append(b"$%d\r\n%s\r\n" % (len(data), data))
    return b"".join(parts)


class RespConnection(RawConnection):
    """One connection that speaks the Redis protocol. A close by the peer is an EOFError."""

    def call(self, *words):
        """Sends one command and returns its reply."""
        self.send(encode(*words))
        return self.reply()

    def reply(self):
        """Reads one reply: str, int, bytes, None or a list of these."""
        line = self._stream.readline()
        if not line.endswith(b"\r\n"):
            raise EOFError(f"closed after {line!r}")
        kind, rest = line[:1], line[1:-2]
        if kind == b"+":
            return rest.decode()
        if kind == b"-":
            raise ReplyError(rest.decode())
        if kind == b":":
            return int(rest)
        if kind == b"$":
            return None if rest == b"-1" else self._bulk(int(rest))
        if kind == b"*":
            return [self.reply() for _ in range(int(rest))]
        raise ValueError(f"no reply starts like {line!r}")

    def _bulk(self, size):
        data = self.receive(size + 2)
        if data[-2:] != b"\r\n":
            raise ValueError(f"bulk reply ends with {data[-2:]!r}")
        return data[:-2]
