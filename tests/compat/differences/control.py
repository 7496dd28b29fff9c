"""What the API and the process do while something else goes wrong."""

import contextlib
import pathlib
import resource

from compat_kit.peers import Echo, Upstream, connect, receive
from compat_kit.wait import Stopwatch, wait_until

from .bed import duration, fill

PATIENCE = 5.0  # seconds until a missing answer is the result


def listing_beside_a_stalled_receiver(bed) -> str:
    proxy, _, server = bed.link("latency", latency=50, receive_buffer=4096)
    fill(server)
    removal = bed.background(proxy.remove, "t", timeout=30)
    with contextlib.suppress(TimeoutError):
        removal.result(0.5)
    watch = Stopwatch()
    try:
        proxy.api.get("/proxies", timeout=PATIENCE)
    except TimeoutError:
        return f"no answer in {PATIENCE:g} s"
    return duration(watch.seconds)


def second_client_after_a_lost_dial(bed) -> str:
    upstream = bed.closing(Upstream(backlog=0))
    bed.closing(connect(("127.0.0.1", upstream.port)))  # fills the backlog: the next SYN is lost
    proxy = bed.start().api.create(upstream.address)
    bed.connect(proxy)

    def dialling():
        with open("/proc/net/tcp") as table:
            return any(f":{upstream.port:04X} 02 " in line for line in table)  # 02 is SYN-SENT

    def greet_both():
        for _ in range(2):
            upstream.accept(PATIENCE).sendall(b"x")

    wait_until(dialling, PATIENCE, "the first dial")
    upstream.accept()
    greeting = bed.background(greet_both)
    watch = Stopwatch()
    receive(bed.connect(proxy), 1)
    result = duration(watch.seconds)
    greeting.result()  # the first client's dial is repeated by the kernel after a second
    return result


def served_after_descriptors_ran_out(bed) -> str:
    echo = bed.closing(Echo())

    def count_served(clients, seconds):
        watch, count = Stopwatch(), 0
        for client in clients:
            with contextlib.suppress(OSError):
                client.sendall(b"ping")
        for client in clients:
            with contextlib.suppress(OSError):
                count += receive(client, 4, max(0.001, seconds - watch.seconds)) == b"ping"
        return count

    def served_with(limit):
        def few_descriptors():
            resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))

        server = bed.start(preexec=few_descriptors)
        proxy = server.api.create(echo.address)
        descriptors = pathlib.Path(f"/proc/{server.process.pid}/fd")
        idle = len(list(descriptors.iterdir()))
        with contextlib.ExitStack() as crowd:
            while count_served([crowd.enter_context(connect(proxy.address))], 0.5):
                pass
        wait_until(lambda: len(list(descriptors.iterdir())) <= idle, PATIENCE, "free descriptors")
        return count_served([bed.connect(proxy) for _ in range(10)], 2)

    # With one of these limits it is the accept that fails, with the other the dial.
    return f"{min(map(served_with, (64, 65)))} of 10"


INPUTS = {
    "rate": ("bandwidth", {"rate": -1}),
    "average_size": ("slicer", {"average_size": 0}),
    "size_variation": ("slicer", {"average_size": 10, "size_variation": 20}),
    "jitter": ("latency", {"jitter": 2**62 + 1}),
}


def inputs_that_kill(bed) -> str:
    echo = bed.closing(Echo())

    def kills(kind, attributes):
        server = bed.start()
        proxy = server.api.create(echo.address)
        toxic = {"type": kind, "stream": "upstream", "attributes": attributes}
        if server.api.post(proxy.path + "/toxics", toxic).status == 400:
            return False
        client = bed.connect(proxy)
        client.sendall(bytes(1000))
        with contextlib.suppress(ConnectionResetError):
            if len(receive(client, 1000)) == 1000:
                return False
        server.process.wait(PATIENCE)
        return True

    return ", ".join(name for name, toxic in INPUTS.items() if kills(*toxic)) or "none"


def counted_while_open(bed) -> str:
    upstream = bed.closing(Upstream())
    api = bed.start("-proxy-metrics").api
    client = bed.connect(api.create(upstream.address))
    client.sendall(bytes(1_000_000))
    receive(upstream.accept(), 1_000_000)

    def counted():
        for line in api.get("/metrics").text.split("\n"):
            if line.startswith('toxiproxy_proxy_sent_bytes_total{direction="upstream"'):
                return float(line.rpartition(" ")[2])
        return 0

    watch = Stopwatch()
    while (count := counted()) < 1_000_000 and watch.seconds < 1:
        pass
    return f"{count:,.0f}"
