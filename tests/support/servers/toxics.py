"""Toxics that slow a stream down or cut it up, but never destroy a byte of it."""

import dataclasses

HUGE = 1 << 40


@dataclasses.dataclass(frozen=True)
class Variants:
    """A kind of toxic with settings to switch between: milliseconds, KB/s, bytes, microseconds."""

    kind: str
    settings: tuple


HARMLESS = (
    Variants("latency", ({"latency": 3, "jitter": 2}, {"latency": 20, "jitter": 15},
                         {"latency": 0, "jitter": 0})),
    Variants("bandwidth", ({"rate": 20_000}, {"rate": 5_000}, {"rate": 100_000})),
    Variants("slow_close", ({"delay": 100}, {"delay": 10})),
    Variants("slicer", ({"average_size": 64, "size_variation": 32, "delay": 0},
                        {"average_size": 900, "size_variation": 800, "delay": 10})),
    Variants("limit_data", ({"bytes": HUGE}, {"bytes": HUGE * 2})),
)

#: Named sets for pytest.mark.parametrize: no toxic, each kind alone, all of them together.
SETS = {
    "plain": (),
    **{variants.kind: (variants,) for variants in HARMLESS},
    "all_at_once": HARMLESS,
}


def apply(proxy, name):
    """Puts the set SETS[name] on both streams of `proxy`."""
    for stream in ("upstream", "downstream"):
        for variants in SETS[name]:
            proxy.add(variants.kind, stream, **variants.settings[0])
