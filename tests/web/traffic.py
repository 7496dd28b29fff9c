"""Real traffic through a proxy: an upstream that echoes, one that tells of brokers, and clients."""

import socketserver
import struct
import threading

from servers.raw import RawConnection


class _Echo(socketserver.BaseRequestHandler):
    def handle(self):
        try:
            while data := self.request.recv(65536):
                self.request.sendall(data)
        except OSError:
            pass  # reset, as some toxics do


class _Broker(socketserver.BaseRequestHandler):
    """Answers each request as the oldest Metadata: two brokers, of which it is the first."""

    def handle(self):
        stream = self.request.makefile("rb")
        while head := stream.read(4):
            request = stream.read(*struct.unpack(">i", head))
            host, port = self.server.server_address
            brokers = b"".join(struct.pack(">ih", number, len(host)) + host.encode()
                               + struct.pack(">i", port + number - 1) for number in (1, 2))
            answer = request[4:8] + struct.pack(">i", 2) + brokers + struct.pack(">i", 0)
            self.request.sendall(struct.pack(">i", len(answer)) + answer)


def ask_for_brokers(host, port):
    """What a client of Kafka does first: Metadata, about no topic."""
    request = struct.pack(">hhihi", 3, 0, 7, -1, 0)
    with RawConnection(host, port) as connection:
        connection.send(struct.pack(">i", len(request)) + request)
        size, = struct.unpack(">i", connection.receive(4))
        connection.receive(size)


class EchoServer(socketserver.ThreadingTCPServer):
    """Sends back what it receives; `address` is host:port."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, handler=_Echo):
        super().__init__(("127.0.0.1", 0), handler)
        self.address = "127.0.0.1:%d" % self.server_address[1]
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        self.shutdown()
        self.server_close()


class BrokerServer(EchoServer):
    """The first of two brokers of Kafka, as far as Metadata goes."""

    def __init__(self):
        super().__init__(_Broker)


class Pings:
    """A context manager: one connection that sends `size` bytes again and again, 20 a second."""

    PERIOD_S = 0.05

    def __init__(self, host, port, size=2000):
        self._connection = RawConnection(host, port)
        self._size = size
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        try:
            while not self._over.wait(self.PERIOD_S):
                self._connection.send(b"x" * self._size)
                self._connection.receive(self._size)
        except (OSError, EOFError):
            pass  # a toxic ended it

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()
        self._connection.close()
