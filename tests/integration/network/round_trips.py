"""Round trips of 64 bytes over a way that loses what the server sends; prints their times as JSON.

    round_trips.py iptables RATE COUNT    the kernel drops the server's segments (needs a namespace)
    round_trips.py MODE RATE COUNT        a proxy with the toxic loss in this mode
"""

import json
import multiprocessing
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "support"))

from servers.proxy_server import ProxyServer  # noqa: E402

CONNECTIONS = 64
MESSAGE = b"x" * 64
PATIENCE_S = 60


def echo_for_ever(listener):
    poll = select.epoll()
    poll.register(listener, select.EPOLLIN)
    peers = {}
    while True:
        for number, _ in poll.poll():
            if number == listener.fileno():
                peer, _ = listener.accept()
                peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                poll.register(peer, select.EPOLLIN)
                peers[peer.fileno()] = peer
            elif data := peers[number].recv(4096):
                peers[number].sendall(data)
            else:
                poll.unregister(peers[number])
                peers.pop(number).close()


def drop(rate, port):
    """What carries data, not the handshake: a SYN that is lost waits for a second."""
    iptables = shutil.which("iptables") or "/usr/sbin/iptables"
    subprocess.run(
        f"{iptables} -A INPUT -i lo -p tcp --sport {port} -m length --length 100:65535"
        f" -m statistic --mode random --probability {rate} -j DROP".split(), check=True)


def round_trips(port, count):
    """Milliseconds of each of `count` round trips over CONNECTIONS connections."""
    poll = select.epoll()
    clients, began, missing = {}, {}, {}

    def ask(number):
        began[number], missing[number] = time.monotonic(), len(MESSAGE)
        clients[number].sendall(MESSAGE)

    for _ in range(CONNECTIONS):
        client = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        poll.register(client, select.EPOLLIN)
        clients[client.fileno()] = client
    for number in clients:
        ask(number)
    times, left = [], count - CONNECTIONS
    while len(times) < count:
        events = poll.poll(PATIENCE_S)
        if not events:
            raise TimeoutError(f"{len(times)} of {count} round trips, then nothing")
        for number, _ in events:
            missing[number] -= len(clients[number].recv(missing[number]))
            if missing[number] > 0:
                continue
            times.append((time.monotonic() - began[number]) * 1000)
            if left > 0:
                left -= 1
                ask(number)
    return times


def main(way, rate, count):
    listener = socket.create_server(("127.0.0.1", 0), backlog=CONNECTIONS)
    port = listener.getsockname()[1]
    server = multiprocessing.Process(target=echo_for_ever, args=(listener,), daemon=True)
    server.start()
    if way == "iptables":
        drop(rate, port)
        print(json.dumps(round_trips(port, count)))
        return
    with tempfile.TemporaryDirectory() as folder:
        proxy = ProxyServer(folder)
        try:
            made = proxy.api.json("POST", "/proxies", {"name": "p", "listen": "127.0.0.1:0",
                                                       "upstream": f"127.0.0.1:{port}"})
            proxy.api.json("POST", "/proxies/p/toxics",
                           {"type": "loss", "attributes": {"rate": float(rate), "mode": way}})
            print(json.dumps(round_trips(int(made["listen"].rpartition(":")[2]), count)))
        finally:
            proxy.stop()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
