"""A bare TCP connection that tells an orderly close from a reset."""

import select
import socket


class RawConnection:
    """One connection, a context manager; `seconds` bounds every wait."""

    def __init__(self, host, port, seconds=30):
        self._socket = socket.create_connection((host, port), timeout=seconds)
        self._stream = self._socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._stream.close()
        self._socket.close()

    def send(self, data):
        self._socket.sendall(data)

    def receive(self, size):
        """Exactly `size` bytes; an EOFError when the peer closes before."""
        data = self._stream.read(size)
        if len(data) != size:
            raise EOFError(f"closed after {len(data)} of {size} bytes")
        return data

    def receive_until(self, end):
        """All bytes up to those that `end` has, with them; an EOFError when the peer closes before."""
        data = b""
        while not data.endswith(end):
            data += self.receive(1)
        return data

    def until_closed(self):
        """All bytes up to an orderly close; a reset is a ConnectionResetError."""
        return self._stream.read()

    def quiet(self, seconds):
        """Watches for `seconds`; true when nothing came, neither a byte nor a close.

        Only between answers: bytes already read ahead are not looked at.
        """
        return not select.select([self._socket], [], [], seconds)[0]
