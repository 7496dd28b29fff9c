#!/usr/bin/env python3
"""How the cost of forwarding grows with connections and with threads: aconite alone."""

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
    """Threads, load, and what is read off it."""
    for connections in (1, 8, 64, 512, 2000):
        yield 1, Workload(f"{connections} connections, 64 bytes",
                          ("pingpong", "--connections", connections)), MESSAGES
    for connections in (1, 8, 64):
        yield 1, Workload(f"{connections} streams", ("bulk", "--connections", connections)), STREAMS
    for threads in (1, 2):
        yield threads, Workload("64 connections, 64 bytes",
                                ("pingpong", "--connections", 64)), MESSAGES
        yield threads, Workload("8 streams", ("bulk", "--connections", 8)), STREAMS


def main() -> int:
    measure.adopt_orphans()
    netns.enter()
    print("| threads | load | rate | CPU |\n|--:|---|--:|--:|")
    for threads, workload, (rate, rate_unit, cpu, cpu_unit) in loads():
        taken = [measure.take(peers.aconite(threads), workload, SECONDS) for _ in range(ROUNDS)]
        rates, costs = (statistics.median(map(each, taken)) for each in (rate, cpu))
        print(f"| {threads} | {workload.name} | {rates:,.3g} {rate_unit} | {costs:.3g} {cpu_unit} |",
              flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
