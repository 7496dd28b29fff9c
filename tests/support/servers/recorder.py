"""A relay that writes down what both sides say."""

import socket
import threading

UPSTREAM, DOWNSTREAM = 0, 1


class Recorder:
    """A context manager: relays connections from `port`, any if none is given, to
    `upstream`, both of 127.0.0.1.

    `sessions` has for each connection what came, in order: pairs of a direction and bytes. It is
    complete when the block is left, which waits until all connections have ended.
    """

    def __init__(self, upstream, port=0):
        self._upstream = upstream
        self.sessions = []
        self._pumps = []
        self._listener = socket.create_server(("127.0.0.1", port))
        self.port = self._listener.getsockname()[1]
        self._accepting = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self):
        self._accepting.start()
        return self

    def __exit__(self, *_):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._accepting.join()
        self._listener.close()
        for each in self._pumps:
            each.join()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._upstream))
            said = []
            self.sessions.append(said)
            for source, target, direction in ((client, server, UPSTREAM),
                                              (server, client, DOWNSTREAM)):
                pump = threading.Thread(target=_pump, args=(source, target, direction, said),
                                        daemon=True)
                self._pumps.append(pump)
                pump.start()


def _pump(source, target, direction, said):
    try:
        while data := source.recv(1 << 16):
            said.append((direction, data))  # before the other side can answer it
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:  # one of them is gone
        for each in (source, target):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
