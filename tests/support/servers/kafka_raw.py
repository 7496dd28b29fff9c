"""Kafka's frames by hand: a client that asks in the first versions, and a server that answers as it
is told to."""

import socketserver
import struct
import threading

from servers.raw import RawConnection

METADATA, HEARTBEAT, SASL_HANDSHAKE = 3, 12, 17


def text(what):
    return struct.pack("!h", len(what)) + what.encode()


def sized(frame):
    return struct.pack("!i", len(frame)) + frame


def broker(number, host, port):
    """As Metadata tells it."""
    return struct.pack("!i", number) + text(host) + struct.pack("!i", port)


class RawKafka(RawConnection):
    """One connection, a context manager."""

    def frame(self):
        """The next one, without its length."""
        return self.receive(struct.unpack("!i", self.receive(4))[0])

    def ask(self, api, body=b""):
        """The body of the answer."""
        self.send(sized(struct.pack("!hhi", api, 0, 7) + text("raw") + body))
        answer = self.frame()
        assert answer[:4] == struct.pack("!i", 7)
        return answer[4:]

    def brokers(self):
        """host:port of each, by number, as Metadata tells beside all topics."""
        answer = self.ask(METADATA, struct.pack("!i", 0))
        count, = struct.unpack_from("!i", answer)
        at, found = 4, {}
        for _ in range(count):
            number, size = struct.unpack_from("!ih", answer, at)
            host, at = answer[at + 6:at + 6 + size].decode(), at + 10 + size
            found[number] = f"{host}:{struct.unpack_from('!i', answer, at - 4)[0]}"
        return found


class StandIn:
    """Answers at `port` of every address of this machine, a context manager. `answer` is called
    with each request, without its length, and the address that the client came to."""

    def __init__(self, answer):
        class Talk(socketserver.StreamRequestHandler):
            def handle(self):
                host = self.connection.getsockname()[0]
                while size := self.rfile.read(4):
                    frame = self.rfile.read(struct.unpack("!i", size)[0])
                    self.wfile.write(sized(answer(frame, host)))

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True

        self._server = Server(("0.0.0.0", 0), Talk)
        self.port = self._server.server_address[1]

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
