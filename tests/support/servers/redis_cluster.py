"""A throw-away Redis Cluster: three masters, each with one replica."""

import shutil
import subprocess
import tempfile

from servers.ports import reserve_port
from servers.process import ServerError, require
from servers.redis_node import RedisNode
from servers.resp import RespConnection
from servers.waiting import wait_until

#: How long a node may be silent before it counts as failed.
_TIMEOUT_MS = 1500


class RedisCluster:
    """Six nodes on the loopback; who they are is learnt from the cluster itself."""

    def __init__(self):
        self._folder = tempfile.mkdtemp(prefix="aconite-redis-cluster-")
        self.nodes = []
        try:
            for number in range(6):
                self.nodes.append(RedisNode(
                    self._folder, f"node-{number}",
                    ("cluster-enabled yes", f"cluster-node-timeout {_TIMEOUT_MS}",
                     f"cluster-port {reserve_port()}", "cluster-config-file nodes.conf")))
            for node in self.nodes:
                node.wait()
            self._create()
            for node in self.nodes:
                wait_until(lambda each=node: self._is_ready(each), "the cluster being ready", 30)
        except BaseException:
            self.close()
            raise

    def _create(self):
        done = subprocess.run(
            [require("redis-cli", "redis-tools"), "--cluster", "create",
             *(each.address for each in self.nodes), "--cluster-replicas", "1", "--cluster-yes"],
            capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise ServerError(f"making a cluster failed\n{done.stdout}{done.stderr}")

    @staticmethod
    def _is_ready(node):
        lines = node.text("CLUSTER", "NODES").splitlines()
        ready = "cluster_state:ok" in node.text("CLUSTER", "INFO")
        return (ready and sum("master" in each for each in lines) == 3
                and sum("slave" in each for each in lines) == 3
                and ("master" in node.call("ROLE")[0].decode()
                     or node.call("ROLE")[3] == b"connected"))

    def addresses(self):
        return {each.address for each in self.nodes}

    def ports(self):
        return {each.port for each in self.nodes}

    def pids(self):
        return [each.pid for each in self.nodes]

    def masters(self):
        """The nodes that say they are."""
        return [each for each in self.nodes
                if each.process.alive() and each.call("ROLE")[0] == b"master"]

    def replica_of(self, master):
        """The node that says it is."""
        return next(each for each in self.nodes if each.process.alive()
                    and each.call("ROLE")[:3] == [b"slave", b"127.0.0.1", master.port])

    @staticmethod
    def slots_of(node):
        """Whole ranges of slots, as the node says of itself."""
        mine = next(each.split() for each in node.text("CLUSTER", "NODES").splitlines()
                    if "myself" in each)
        return [range(int(first), int(last or first) + 1)
                for first, _, last in (each.partition("-") for each in mine[8:])
                if "[" not in first]

    @staticmethod
    def move(slots, source, target):
        """Moves slots and what is in them from one master to another, one after the other; yields
        each that has moved."""
        source_id, target_id = source.text("CLUSTER", "MYID"), target.text("CLUSTER", "MYID")
        with RespConnection("127.0.0.1", source.port) as old, \
                RespConnection("127.0.0.1", target.port) as new:
            for slot in slots:
                new.call("CLUSTER", "SETSLOT", slot, "IMPORTING", source_id)
                old.call("CLUSTER", "SETSLOT", slot, "MIGRATING", target_id)
                while keys := old.call("CLUSTER", "GETKEYSINSLOT", slot, 1):
                    old.call("MIGRATE", "127.0.0.1", target.port, "", 0, 5000, "KEYS", *keys)
                new.call("CLUSTER", "SETSLOT", slot, "NODE", target_id)
                old.call("CLUSTER", "SETSLOT", slot, "NODE", target_id)
                yield slot

    def values(self):
        """Each key and its value, as the masters have them."""
        found = {}
        for each in self.masters():
            with RespConnection("127.0.0.1", each.port) as direct:
                for key in direct.call("KEYS", "*"):
                    found[key.decode()] = direct.call("GET", key).decode()
        return found

    def close(self):
        for each in self.nodes:
            each.kill()
        shutil.rmtree(self._folder, ignore_errors=True)
