"""The two ends that a proxy connects: upstream servers and clients, over plain sockets."""

import socket
import struct
import threading

from .wait import Stopwatch


class Upstream:
    """A listener on 127.0.0.1 whose connections the test accepts one by one."""

    def __init__(self, backlog=128, receive_buffer=None):
        self._socket = socket.socket()
        if receive_buffer is not None:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen(backlog)
        self._socket.settimeout(10)
        self._accepted = []
        self.port = self._socket.getsockname()[1]
        self.address = f"127.0.0.1:{self.port}"

    def accept(self, timeout=10.0) -> socket.socket:
        """Returns the next connection. Raises TimeoutError after `timeout` seconds."""
        self._socket.settimeout(timeout)
        connection, _ = self._socket.accept()
        connection.settimeout(10)
        self._accepted.append(connection)
        return connection

    def close(self):
        for each in (self._socket, *self._accepted):
            each.close()


class Echo:
    """An upstream that sends back what it receives, and ends when its client does."""

    def __init__(self):
        self._upstream = Upstream()
        self.address = self._upstream.address
        self._closing = False
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        while not self._closing:
            try:
                connection = self._upstream.accept(timeout=0.1)
            except TimeoutError:
                continue
            except OSError:
                return
            threading.Thread(target=self._echo, args=(connection,), daemon=True).start()

    @staticmethod
    def _echo(connection):
        connection.settimeout(None)
        try:
            while data := connection.recv(65536):
                connection.sendall(data)
        except OSError:
            pass
        connection.close()

    def close(self):
        self._closing = True
        self._thread.join()
        self._upstream.close()


class Blackhole:
    """A listener whose full backlog drops new SYNs: dialling it hangs, as with a dead host."""

    def __init__(self):
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen(0)
        self.address = "127.0.0.1:%d" % self._socket.getsockname()[1]
        self._fill = []
        for _ in range(16):
            filler = socket.socket()
            filler.settimeout(0.2)
            self._fill.append(filler)
            try:
                filler.connect(self._socket.getsockname())
            except TimeoutError:
                return
        raise AssertionError("the backlog never filled up")

    def close(self):
        for each in (self._socket, *self._fill):
            each.close()


def connect(address, timeout=10.0, receive_buffer=None) -> socket.socket:
    """Connects to a (host, port) pair; every call on the socket has a time limit."""
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    connection = socket.socket(family)
    if receive_buffer is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    connection.settimeout(timeout)
    try:
        connection.connect(address)
    except BaseException:
        connection.close()
        raise
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def refused(address) -> bool:
    """True when nobody listens on the address."""
    try:
        connect(address, timeout=5).close()
    except ConnectionRefusedError:
        return True
    return False


def receive(connection, count, timeout=10.0) -> bytes:
    """Reads exactly `count` bytes, or fewer when the stream ends before that."""
    watch = Stopwatch()
    data = bytearray()
    while len(data) < count:
        connection.settimeout(max(0.001, timeout - watch.seconds))
        piece = connection.recv(min(65536, count - len(data)))
        if not piece:
            break
        data += piece
    return bytes(data)


def receive_all(connection, timeout=10.0) -> bytes:
    """Reads until the stream ends."""
    return receive(connection, 1 << 62, timeout)


def ending(connection, timeout=10.0) -> str:
    """Reads what is left and tells how the stream ended: "eof", "reset" or "open"."""
    try:
        receive_all(connection, timeout)
    except TimeoutError:
        return "open"
    except ConnectionResetError:
        return "reset"
    return "eof"


def silent(connection, seconds) -> bool:
    """True when the connection stays open and brings nothing for that long."""
    connection.settimeout(seconds)
    try:
        connection.recv(1)
    except TimeoutError:
        return True
    finally:
        connection.settimeout(10)
    return False


def send_reset(connection):
    """Closes with an RST instead of a FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
