"""Times a dial to the name `twins`, whose first address never answers; prints JSON.

    twins.py DEAD_ADDRESS LIVE_ADDRESS    (needs an /etc/hosts with both)
"""

import json
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "support"))

from servers.proxy_server import ProxyServer, binary  # noqa: E402
from servers.raw import RawConnection  # noqa: E402


def main(dead, live):
    silent = socket.create_server((dead, 0), family=socket.AF_INET6, backlog=0)
    port = silent.getsockname()[1]
    fill = [socket.socket(socket.AF_INET6) for _ in range(4)]
    for each in fill:  # the queue is full: no SYN is answered any more
        each.setblocking(False)
        each.connect_ex((dead, port))
    speaking = socket.create_server((live, port))
    speaking.settimeout(20)
    found = socket.getaddrinfo("twins", port, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    with tempfile.TemporaryDirectory() as folder:
        server = ProxyServer(folder)
        try:
            proxy = server.api.create_proxy("p", f"twins:{port}")
            with RawConnection("127.0.0.1", proxy.port) as client:
                peer, _ = speaking.accept()
                peer.sendall(b"hello")
                client.receive(5)
            doctor = subprocess.run(
                [binary(), "--server", f"127.0.0.1:{server.port}", "doctor", "-o", "json"],
                capture_output=True, text=True, timeout=30, check=False)
            opened = server.api.json("GET", "/journal?kind=open")
        finally:
            server.stop()
    checks = {each["check"]: each["found"] for each in json.loads(doctor.stdout)["checks"]}
    print(json.dumps({"order": [each[4][0] for each in found], "dial_ms": opened["dial_ms"],
                      "doctor": checks["upstream of p"]}))


if __name__ == "__main__":
    main(*sys.argv[1:])
