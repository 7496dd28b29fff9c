"""Clients of Redis, each a process that the test leads.

Each line in is a call and its words, each line out its answer: {"result": ...}, or {"error": class,
"text": ...}. The calls:
    open PORT TIMEOUT_MS [cache]   a client, which waits so long for an answer; some have a cache
    get KEY, incr KEY, ping
    pipeline KEY..., transaction KEY...   an INCR of each; of the first an answer for each
    pop KEY                        BLPOP that waits for 0.2 s, or what the client rounds that to
    subscribe CHANNEL, then message MS: the next one, or null if none comes for so long
    close
"""

import json
import re
import subprocess
import threading

from servers.drivers import make_go, make_node, make_python, prepared, run
from servers.maven import maven_that_fetches
from servers.process import ServerError, require

_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"


def _make_c(folder):
    flags = run(require("pkg-config", "pkg-config"), "--cflags", "--libs", "hiredis").split()
    run(require("gcc", "gcc"), "-O1", "-Wall", "-o", folder / "driver", folder / "driver.c", *flags)


def _make_java(folder):
    run(*maven_that_fetches(), "-f", folder / "pom.xml", _PLUGIN, "-DincludeScope=runtime",
        f"-DoutputDirectory={folder / 'libs'}", cwd=folder)
    run(require("javac", "openjdk-17-jdk-headless"), "-cp", f"{folder}/libs/*", "-d", folder,
        *folder.glob("*.java"))


def _hiredis():
    return [prepared("hiredis", _make_c) / "driver"]


def _python(name):
    folder = prepared("redis-py", make_python)
    return [folder / "bin/python", folder / name]


def _node(name):
    return [require("node", "nodejs"), prepared("redis-node", make_node) / name]


def _go():
    return [prepared("redis-go", make_go) / "probe"]


def _java(name):
    folder = prepared("redis-java", _make_java)
    return [require("java", "openjdk-17-jdk-headless"), "-Xmx256m", "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1", "-cp", f"{folder}:{folder}/libs/*", name]


DRIVERS = {
    "hiredis": _hiredis,
    "redis-py": lambda: _python("synchronous.py"),
    "redis-py asyncio": lambda: _python("asynchronous.py"),
    "ioredis": lambda: _node("ioredis.js"),
    "node-redis": lambda: _node("node-redis.js"),
    "go-redis": _go,
    "Jedis": lambda: _java("JedisCalls"),
    "Lettuce": lambda: _java("LettuceCalls"),
}


class RedisDriver:
    """One of DRIVERS, for one call at a time. It ends with stop()."""

    DEADLINE_S = 30

    def __init__(self, driver):
        self._process = subprocess.Popen(
            DRIVERS[driver](), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True)

    def call(self, *words):
        """The answer, as it is."""
        self._process.stdin.write(" ".join(str(each) for each in words) + "\n")
        self._process.stdin.flush()
        deadline = threading.Timer(self.DEADLINE_S, self._process.kill)
        deadline.start()
        line = self._process.stdout.readline()
        deadline.cancel()
        if not line:
            raise ServerError(f"the driver ended, or gave no answer to {words}")
        return json.loads(line)

    def stop(self):
        self._process.kill()
        self._process.communicate()


def told(answer):
    """In words: the result as JSON, or the error's class, and the first word of what Redis said if
    the class does not tell."""
    if isinstance(answer, dict) and "error" in answer:
        code = re.match(r"[A-Z]{3,}\b", answer["text"])
        return answer["error"] + (f" {code[0]}" if code else "")
    if isinstance(answer, dict):
        return told(answer["result"])
    if isinstance(answer, list):
        return ", ".join(told(each) for each in answer)
    return json.dumps(answer)
