"""The toxic `loss` beside a kernel that really drops segments, each in a network of its own."""

import json
import sys
from pathlib import Path

import pytest

from own_network import in_a_network_of_its_own

ROUND_TRIPS = Path(__file__).with_name("round_trips.py")
DELAYED_MS = 100
#: Of this many delayed rounds a side, the fraction is known to some 4 %.
WANTED_DELAYED = 1200


@pytest.fixture(scope="module", autouse=True)
def networks():
    tried = in_a_network_of_its_own("sh", "-c", "PATH=$PATH:/usr/sbin iptables -A INPUT -p tcp "
                                    "-m statistic --mode random --probability 0.5 -j DROP")
    if tried.returncode != 0:
        pytest.skip(f"no network namespace with iptables here: {tried.stderr.strip()}")


def round_trips(way, rate):
    done = in_a_network_of_its_own(sys.executable, ROUND_TRIPS, way, rate,
                                   round(WANTED_DELAYED / rate))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def share(times, low_ms, high_ms=float("inf")):
    return sum(low_ms <= each < high_ms for each in times) / len(times)


@pytest.mark.parametrize("rate", [0.01, 0.05, 0.1])
def test_delays_as_many_round_trips_as_real_loss_and_as_long(rate):
    real, *toxics = (round_trips(way, rate) for way in ("iptables", "retransmit", "kernel"))

    for times in toxics:
        assert share(times, DELAYED_MS) == pytest.approx(share(real, DELAYED_MS), rel=0.2)
    # Nearly all are called back by the first probe after 200 ms; of the others nearly all come
    # with the first timeout after 400, the rest after 800 and so on.
    for times in (real, *toxics):
        delayed = [each for each in times if each >= DELAYED_MS]
        assert share(delayed, 180, 320) == pytest.approx(1 - rate, abs=0.03)
        assert share(delayed, 320, 640) == pytest.approx(rate * (1 - rate), abs=0.03)
        assert share(delayed, 640) == pytest.approx(rate * rate, abs=0.02)
