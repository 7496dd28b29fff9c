"""Runs experiments on real servers, some of them at once, as they mostly wait.

Those of a lane run one behind the other.
"""

import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from experiment_kit.done import Done
from servers.kafka_server import KafkaServer
from servers.ports import reserve_port
from servers.postgres_server import PostgresServer
from servers.proxy_server import ROOT, ProxyServer

FOLDER = ROOT / "examples/experiments"
#: No experiment here takes longer.
SECONDS = 240


class Lane:
    """One experiment at a time, on a proxy server of its own."""

    def __init__(self, aconite, folder, kafka, postgres, redis, client):
        self._aconite = aconite
        self._folder = folder
        self._kafka = kafka
        self._postgres = postgres
        self._redis = redis
        self._client = client
        self._proxy = ProxyServer(folder)
        self.worker = ThreadPoolExecutor(1)

    def run(self, plan):
        """Runs an experiment; ports that it is not told are free ones."""
        return self.repeat(plan, 1, SECONDS)[0]

    def repeat(self, plan, times, seconds):
        """The same so many times, one behind the other."""
        alone = PostgresServer() if plan.alone else None
        try:
            return self._run(plan, alone or self._postgres, times, seconds)
        finally:
            if alone:
                alone.stop()

    def _run(self, plan, postgres, times, seconds):
        file = FOLDER / plan.file
        output = self._folder / plan.name
        database = plan.name.lower()
        postgres.query(f"CREATE DATABASE {database}")
        variables = {
            "PYTHON": sys.executable, "POSTGRES": postgres.address, "DATABASE": database,
            "REDIS": self._redis.address, "KAFKA": self._kafka.direct,
            **free_ports(file), **plan.variables}
        command = [self._aconite, "run", file, *plan.options, "-o", output,
                   "--server", f"http://127.0.0.1:{self._proxy.port}",
                   "--state", self._folder / "state",
                   "--time-scale", str(plan.scale), "--repeat", str(times)]
        for variable, value in variables.items():
            command += ["--set", f"{variable}={value}"]
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, timeout=seconds, check=False, cwd=self._folder,
            env={**os.environ, "PYTHONPATH": str(self._client), "PYTHONDONTWRITEBYTECODE": "1"})
        reports = sorted(output.rglob("report.json"))
        assert len(reports) == times, f"status {done.returncode}, {reports}:\n{done.stdout}"
        return [Done(done.returncode, done.stdout, output, json.loads(each.read_text()))
                for each in reports]

    def stop(self):
        self.worker.shutdown(cancel_futures=True)
        left = self._proxy.api.json("GET", "/proxies")
        self._proxy.stop()
        assert not left, f"experiments left proxies behind: {left}"


def free_ports(file):
    """A port for each variable of a file, and of the side file in its folder, that is one."""
    texts = [each.read_text() for each in (file, file.parent / "environment.yaml")
             if each.exists()]
    names = set(re.findall(r"^  (\w+_(?:PORT|PROXY)):", "\n".join(texts), re.MULTILINE))
    return {name: f"127.0.0.1:{reserve_port()}" if name.endswith("_PROXY") else reserve_port()
            for name in sorted(names)}


class Lanes:
    """All of them, and what runs in them. Used by one thread, which lives as long as the servers:
    the kernel ends them with the thread that started them."""

    def __init__(self, aconite, make_folder, postgres, redis, client):
        self._kafka = KafkaServer(print)
        self._make = lambda number: Lane(aconite, make_folder(f"lane{number}"),
                                         self._kafka, postgres, redis, client)
        self._lanes = {}
        self._begun = {}

    def begin(self, plan):
        """Has an experiment wait for its turn, once."""
        if plan.name not in self._begun:
            lane = self._lane(plan)
            self._begun[plan.name] = lane.worker.submit(lane.run, plan)
        return self._begun[plan.name]

    def repeat(self, plan, times, seconds):
        """The same, so many times: all of them in the end."""
        lane = self._lane(plan)
        return lane.worker.submit(lane.repeat, plan, times, seconds)

    def _lane(self, plan):
        if plan.lane not in self._lanes:
            self._lanes[plan.lane] = self._make(plan.lane)
        return self._lanes[plan.lane]

    def stop(self):
        try:
            for lane in self._lanes.values():
                lane.stop()
        finally:
            self._kafka.stop()
