"""What is measured: the loads, and the numbers that are read off them."""

import dataclasses
from collections.abc import Callable


@dataclasses.dataclass(frozen=True)
class Workload:
    """Arguments for aconite_load. Pinned: the proxy on one core, the load on another.

    By default: the proxy has as many threads as it takes by itself. With several nodes each has a
    proxy to each other one. The distribution of the latencies is kept only where a picture shows
    it.
    """

    name: str
    arguments: tuple
    pinned: bool = False
    by_default: bool = False
    nodes: int = 1
    keep_distribution: bool = False


@dataclasses.dataclass(frozen=True)
class Metric:
    """One number of a sample; None if the sample has none (no proxy, so no CPU time of it)."""

    name: str
    workload: str
    title: str
    unit: str
    value: Callable[[dict], float | None]
    more_is_better: bool = False
    digits: int = 2
    over_direct: bool = False  # what the proxy adds: less the value without proxy


IDLE = "idle"
MESH = "mesh"
SIZES = (64, 256, 1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20)
PICTURE_WORKLOADS = [
    Workload(f"size-{size}", ("pingpong", "--connections", 8, "--size", size)) for size in SIZES
]
WORKLOADS = {
    workload.name: workload
    for workload in (
        Workload("b1p", ("bulk", "--connections", 1), pinned=True),
        Workload("b8", ("bulk", "--connections", 8)),
        Workload("pp1", ("pingpong", "--connections", 1), keep_distribution=True),
        Workload("pp64", ("pingpong", "--connections", 64)),
        Workload("pp64p", ("pingpong", "--connections", 64), pinned=True),
        Workload("pp64d", ("pingpong", "--connections", 64), pinned=True, by_default=True),
        Workload("mixed", ("mixed", "--streams", 4)),
        Workload("crowd", ("mixed", "--streams", 4, "--connections", 64)),
        Workload("churn", ("churn", "--connections", 16)),
        Workload(IDLE, ("idle",)),
        Workload(MESH, ("mesh", "--rate", 9000), nodes=10),
        *PICTURE_WORKLOADS,
    )
}


def load_value(key: str):
    return lambda sample: sample["load"][key]


def cpu_per(total: str, per: float = 1, unit: float = 1):
    """CPU time of the proxy for each `per` of what the load counted, in `unit` seconds."""

    def value(sample):
        if sample["cpu_seconds"] is None:
            return None
        return sample["cpu_seconds"] / unit / (sample["load"][total] / per)

    return value


def _all_memory(sample):
    used = sample["load"].get("memory")
    return None if used is None else used / 1e6


def _memory(phase: str):
    def value(sample):
        used = sample["load"].get(phase)
        if used is None:
            return None
        return (used - sample["load"]["before"]) / sample["load"]["connections"]

    return value


def _requests(workload: str, title: str) -> tuple[Metric, Metric]:
    return (
        Metric(workload, workload, title, "requests/s",
               load_value("requests_per_second"), True, 0),
        Metric(f"{workload}_cpu", workload, "- CPU of the proxy", "us/request",
               cpu_per("total_requests", unit=1e-6)),
    )


METRICS = (
    Metric("b1p", "b1p", "bulk, 1 connection, pinned", "GB/s", load_value("gb_per_second"), True),
    Metric("b1p_cpu", "b1p", "- CPU of the proxy", "s/GB", cpu_per("total_gb"), digits=3),
    Metric("b8", "b8", "bulk, 8 connections", "GB/s", load_value("gb_per_second"), True),
    Metric("b8_cpu", "b8", "- CPU of the proxy", "s/GB", cpu_per("total_gb"), digits=3),
    Metric(
        "pp1_p50", "pp1", "64-byte ping-pong, added p50", "us", load_value("p50_us"), False, 1, True
    ),
    Metric(
        "pp1_p99", "pp1", "64-byte ping-pong, added p99", "us", load_value("p99_us"), False, 1, True
    ),
    *_requests("pp64", "ping-pong, 64 connections"),
    *_requests("pp64p", "ping-pong, 64 connections, pinned"),
    Metric(
        "pp64d_p99", "pp64d", "p99 at 64 connections, one processor", "us",
        load_value("p99_us"), digits=0,
    ),
    Metric("pp64d_p50", "pp64d", "- p50", "us", load_value("p50_us"), digits=0),
    Metric("pp64d", "pp64d", "- rate", "requests/s", load_value("requests_per_second"), True, 0),
    Metric(
        "mixed", "mixed", "ping-pong beside 4 bulk flows", "requests/s",
        load_value("requests_per_second"), True, 0,
    ),
    Metric("mixed_p50", "mixed", "- its p50", "us", load_value("p50_us"), digits=0),
    Metric("mixed_bulk", "mixed", "- the bulk flows", "GB/s", load_value("gb_per_second"), True),
    Metric(
        "crowd", "crowd", "64 connections beside 4 bulk flows", "requests/s",
        load_value("requests_per_second"), True, 0,
    ),
    Metric("crowd_bulk", "crowd", "- the bulk flows", "GB/s", load_value("gb_per_second"), True),
    Metric(
        "churn", "churn", "connections opened and closed", "1/s",
        load_value("connections_per_second"), True, 0,
    ),
    Metric(
        "churn_cpu", "churn", "- CPU of the proxy", "s per 1,000",
        cpu_per("total_connections", per=1000), digits=3,
    ),
    Metric("churn_p99", "churn", "- p99 of all three", "us", load_value("p99_us"), digits=0),
    Metric("idle", IDLE, "memory of an idle connection", "bytes", _memory("open"), digits=0),
    Metric(
        "idle_used", IDLE, "- after 64 KB passed on it", "bytes", _memory("passed"), digits=0
    ),
    Metric(
        "mesh_p50", MESH, "mesh of 90 proxies, added p50 of a hop", "us", load_value("p50_us"),
        digits=1, over_direct=True,
    ),
    Metric(
        "mesh_p99", MESH, "- added p99", "us", load_value("p99_us"), digits=1, over_direct=True
    ),
    Metric(
        "mesh_cpu", MESH, "- CPU of the proxy", "us/message",
        cpu_per("total_messages", unit=1e-6),
    ),
    Metric("mesh_memory", MESH, "- its memory", "MB", _all_memory, digits=1),
)
PICTURE_METRICS = tuple(
    Metric(each.name, each.name, each.name, "requests/s", load_value("requests_per_second"), True, 0)
    for each in PICTURE_WORKLOADS
)
