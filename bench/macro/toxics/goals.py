"""What aconite is meant to reach."""

from math import inf

_BANDWIDTHS = ("10k", "100k", "1m", "10m", "100m", "1g")
_REAL = ("redis-1.set_s", "redis-1.get_s", "redis-16.set_s", "redis-16.get_s",
         "pgbench.transactions_s", "kafka.producer_mb_s", "kafka.consumer_mb_s")

# metric: the range, both ends in it, where aconite's median over the rounds must be.
LIMITS = {
    "latency-5.error_p50_us": (-inf, 60),
    "latency-50.error_p50_us": (-inf, 60),
    "pingpong-500.requests_s": (40_000, inf),
    "messages.p50_error_ms": (-0.2, 0.2),
    "messages.p99_error_ms": (-inf, 2),
    **{f"bandwidth-{name}.error_pct": (-0.5, 0.5) for name in _BANDWIDTHS},
    **{f"bandwidth-{name}.variation": (0, 0.05) for name in _BANDWIDTHS},
    **{f"bandwidth-{name}.first_second_extra_ms": (-inf, 50) for name in _BANDWIDTHS},
    "slicer-10000.exact_share": (1, 1),
    "slicer-1000.gap_error_pct": (-10, 10),
    "slicer-100.gap_error_pct": (-10, 10),
    "toggle-1.cycles_s": (5000, inf),
    "get-1.cycles_s": (10_000, inf),
    "get-all.p50_ms": (0, 5),
    "idle.resident_mb": (0, 12),
    "idle.idle_cpu_ms": (0, 0),
}

# Metrics that must be 0 in each single round.
ZERO = {
    "bulk-100.lost_bytes", "bulk-100.breaks", "bulk-1000.lost_bytes", "bulk-1000.breaks",
    "messages.lost", "switching.lost_bytes", "switching.breaks",
    *(f"{name}.failed" for name in ("toggle-1", "toggle-4", "get-1", "get-4")),
    *(f"bandwidth-{name}.breaks" for name in _BANDWIDTHS),
}

# metric: {peer: bound} for the median of the ratios within a round, aconite / peer. Metrics where
# more is better: at least; the others: at most. 0.97 is "the same" as far as the noise lets tell.
RATIOS = {
    "latency-5.error_p99_us": {"toxiproxy": 0.25},
    "latency-50.error_p99_us": {"toxiproxy": 0.25},
    "bulk-100.rate_mb_s": {"toxiproxy": 3},
    "bulk-1000.rate_mb_s": {"toxiproxy": 10},
    "switching.rate_mb_s": {"toxiproxy": 2},
    **{f"{setting}-{load}": {"aconite-plain": least}
       for setting, least in (("followed", 0.95), ("toxic", 0.9))
       for load in ("simple.transactions_s", "prepared.transactions_s", "copy-out.rate_mb_s",
                    "copy-in.rate_mb_s")},
    **{f"redis-{setting}.{rate}": {"aconite-plain": least}
       for setting, least in (("followed", 0.95), ("toxic", 0.9)) for rate in ("set_s", "get_s")},
    **{f"kafka-{setting}.{rate}": {"aconite-plain": least}
       for setting, least in (("followed", 0.95), ("toxic", 0.9))
       for rate in ("producer_mb_s", "consumer_mb_s")},
    "kafka-followed.producer_p99_ms": {"aconite-plain": 1.05},
    **{name: {"haproxy-splice": 0.97, "toxiproxy": 1} for name in _REAL},
}
