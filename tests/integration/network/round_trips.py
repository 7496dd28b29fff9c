"""Round trips of 64 bytes over a way that loses what the server sends; prints their times as JSON.

Beside them goes a connection that loses nothing. Where it waited for HALTED_MS the machine stood
still, and what was under way then is left out: that was no loss.

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
HALTED_MS = 50


def echo_for_ever(*listeners):
    poll = select.epoll()
    doors = {each.fileno(): each for each in listeners}
    for number in doors:
        poll.register(number, select.EPOLLIN)
    peers = {}
    while True:
        for number, _ in poll.poll():
            if number in doors:
                peer, _ = doors[number].accept()
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


def round_trips(port, sound_port, count):
    """Of `count` round trips over CONNECTIONS connections those while the machine went on."""
    poll = select.epoll()
    clients, began, missing = {}, {}, {}

    def connected(to):
        client = socket.create_connection(("127.0.0.1", to), timeout=PATIENCE_S)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        poll.register(client, select.EPOLLIN)
        clients[client.fileno()] = client
        return client.fileno()

    def ask(number):
        began[number], missing[number] = time.monotonic(), len(MESSAGE)
        clients[number].sendall(MESSAGE)

    sound = connected(sound_port)
    for number in [sound, *(connected(port) for _ in range(CONNECTIONS))]:
        ask(number)
    trips, halts, left = [], [], count - CONNECTIONS
    while len(trips) < count:
        events = poll.poll(PATIENCE_S)
        if not events:
            raise TimeoutError(f"{len(trips)} of {count} round trips, then nothing")
        for number, _ in events:
            missing[number] -= len(clients[number].recv(missing[number]))
            if missing[number] > 0:
                continue
            trip = (began[number], time.monotonic())
            if number == sound:
                if (trip[1] - trip[0]) * 1000 >= HALTED_MS:
                    halts.append(trip)
                ask(number)
                continue
            trips.append(trip)
            if left > 0:
                left -= 1
                ask(number)
    return [(end - begin) * 1000 for begin, end in trips
            if not any(begin < until and since < end for since, until in halts)]


def proxy_to(server, name, port):
    made = server.api.json("POST", "/proxies", {"name": name, "listen": "127.0.0.1:0",
                                                "upstream": f"127.0.0.1:{port}"})
    return int(made["listen"].rpartition(":")[2])


def main(way, rate, count):
    lossy, sound = (socket.create_server(("127.0.0.1", 0), backlog=CONNECTIONS) for _ in range(2))
    port, sound_port = (each.getsockname()[1] for each in (lossy, sound))
    server = multiprocessing.Process(target=echo_for_ever, args=(lossy, sound), daemon=True)
    server.start()
    if way == "iptables":
        drop(rate, port)
        print(json.dumps(round_trips(port, sound_port, count)))
        return
    with tempfile.TemporaryDirectory() as folder:
        proxy = ProxyServer(folder)
        try:
            lossy, sound = (proxy_to(proxy, name, port) for name in ("lossy", "sound"))
            proxy.api.json("POST", "/proxies/lossy/toxics",
                           {"type": "loss", "attributes": {"rate": float(rate), "mode": way}})
            print(json.dumps(round_trips(lossy, sound, count)))
        finally:
            proxy.stop()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
