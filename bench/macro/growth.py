#!/usr/bin/env python3
"""How the cost of forwarding grows with connections, proxies and threads: aconite alone."""

import statistics
import sys

import measure
import netns
import peers
from rows import Workload, cpu_per, load_value

ROUNDS = 3
SECONDS = 1.0
MESSAGES = (load_value("requests_per_second"), "requests/s", cpu_per("total_requests", unit=1e-6), "us")
STREAMS = (load_value("gb_per_second"), "GB/s", cpu_per("total_gb"), "s/GB")


def loads():
    """Threads, proxies that nobody uses, load, and what is read off it."""
    def messages(connections):
        return Workload(f"{connections} connections, 64 bytes",
                        ("pingpong", "--connections", connections))

    def streams(connections):
        return Workload(f"{connections} streams", ("bulk", "--connections", connections))

    for connections in (1, 8, 64, 512, 2000):
        yield 1, 0, messages(connections), MESSAGES
    for connections in (1, 8, 64):
        yield 1, 0, streams(connections), STREAMS
    for proxies in (0, 1000):
        yield 1, proxies, messages(64), MESSAGES
    for threads in (1, 2):
        yield threads, 0, messages(64), MESSAGES
        yield threads, 0, streams(8), STREAMS


def main() -> int:
    measure.adopt_orphans()
    netns.enter()
    measure.allow_descriptors()
    print("| threads | other proxies | load | rate | CPU |\n|--:|--:|---|--:|--:|")
    for threads, proxies, workload, (rate, rate_unit, cpu, cpu_unit) in loads():
        peer = peers.aconite(threads, proxies)
        taken = [measure.take(peer, workload, SECONDS) for _ in range(ROUNDS)]
        rates, costs = (statistics.median(map(each, taken)) for each in (rate, cpu))
        print(f"| {threads} | {proxies} | {workload.name} | {rates:,.3g} {rate_unit} "
              f"| {costs:.3g} {cpu_unit} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
