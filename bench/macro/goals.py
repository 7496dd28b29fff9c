"""What aconite is meant to reach: medians of ratios within a round, aconite / peer."""

_MESSAGES = {"haproxy-splice": 1.3, "nginx": 1.05, "toxiproxy": 1.9, "toxiproxy-1": 1.9}

# metric: {peer: bound}. Metrics where more is better: at least; the others: at most.
RATIOS = {
    "b1p": {
        "haproxy-splice": 1.25,
        "nginx": 3.5,
        "toxiproxy": 5.0,
        "toxiproxy-1": 5.0,
        "direct": 0.75,
    },
    "b1p_cpu": {"haproxy-splice": 0.75, "nginx": 0.25, "toxiproxy": 0.15, "toxiproxy-1": 0.15},
    "b8": {
        "haproxy-splice": 1.1,
        "nginx-256k": 1.1,
        "nginx": 2.2,
        "toxiproxy": 3.4,
        "toxiproxy-1": 3.4,
    },
    "pp1_p50": {"haproxy-splice": 0.9, "toxiproxy": 0.6, "toxiproxy-1": 0.6},
    "pp1_p99": {"haproxy-splice": 1.0, "toxiproxy": 0.6, "toxiproxy-1": 0.6},
    "pp64": _MESSAGES,
    "pp64p": _MESSAGES,
    "pp64d_p99": {"haproxy": 0.8, "haproxy-newer": 0.8, "nginx": 0.8, "nginx-newer": 0.8},
    "mixed": {"haproxy-splice": 8.0, "nginx": 8.0, "toxiproxy": 8.0, "toxiproxy-1": 8.0},
    "churn": {"haproxy": 1.0, "haproxy-newer": 1.0, "toxiproxy": 2.4, "toxiproxy-1": 2.4},
    "churn_cpu": {"haproxy": 1.0, "haproxy-newer": 1.0},
    "idle": {"haproxy": 0.3, "nginx": 0.1, "toxiproxy": 0.02, "toxiproxy-1": 0.02},
    "idle_used": {"haproxy": 0.3, "nginx": 0.1, "toxiproxy": 0.02, "toxiproxy-1": 0.02},
}

# metric: the range, both ends in it, where aconite's median must be, in the metric's unit.
LIMITS = {"idle": (0, 1024), "idle_used": (0, 1024)}

# Metrics that must be 0 in each single round.
ZERO = frozenset()
