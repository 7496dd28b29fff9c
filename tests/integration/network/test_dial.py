"""Dialling a name with several addresses, in a network and with an /etc/hosts of its own."""

import json
import sys
from pathlib import Path

import pytest

from own_network import in_a_network_of_its_own

TWINS = Path(__file__).with_name("twins.py")
IPV6, IPV4 = "fd00::9", "10.9.9.9"
#: Two families at one host, as a name server would tell them.
PREPARE = f"""
ip -6 address add {IPV6}/128 dev lo nodad && ip address add {IPV4}/32 dev lo &&
mount --bind "$1" /etc/hosts && shift && exec "$@"
"""


@pytest.fixture(scope="module")
def twins(tmp_path_factory):
    """Runs twins.py where the name `twins` has both addresses; returns what it tells."""
    hosts = tmp_path_factory.mktemp("twins") / "hosts"
    hosts.write_text(f"127.0.0.1 localhost\n{IPV6} twins\n{IPV4} twins\n")

    def run(*command):
        return in_a_network_of_its_own("sh", "-c", PREPARE, "sh", hosts, *command,
                                       unshared=["--mount"])

    if (tried := run("true")).returncode != 0:
        pytest.skip(f"no network and mount namespace here: {tried.stderr.strip()}")
    done = run(sys.executable, TWINS, IPV6, IPV4)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_dead_address_costs_a_quarter_second(twins):
    assert twins["order"] == [IPV6, IPV4]
    assert 245 < twins["dial_ms"] < 900


def test_doctor_goes_on_to_the_next_address_too(twins):
    assert ", reached from " in twins["doctor"]
