"""Runs a command in a network of its own, with a loopback that is up."""

import os
import subprocess

PRIVILEGE = [] if os.geteuid() == 0 else ["--map-current-user", "--keep-caps"]


def in_a_network_of_its_own(*command, unshared=()):
    """`unshared`: what else it is to have of its own, as options of unshare."""
    up = 'ip link set lo up && exec "$@"'
    return subprocess.run(["unshare", "--net", *unshared, *PRIVILEGE, "sh", "-c", up, "sh",
                           *map(str, command)], text=True, capture_output=True, timeout=300,
                          check=False)
