"""Runs all commands of a page, in order, as its reader does: run_page.py PAGE FOLDER [SERVER...]

FOLDER is empty and becomes something like a checkout, in which the shell begins. SERVER is `redis`,
`postgres` or `mongodb`, which then runs on its usual port, or `kafka`, which is installed only. With
`mongodb` the page's Python is one that has PyMongo. Ports of one page must not meet those of another:
this is to be run in a network namespace, and as the first process of a namespace of processes, so
that all that the page starts ends with it.
"""

import contextlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/support")]

from page import Block, blocks_of  # noqa: E402
from servers.kafka_jars import kafka_jars  # noqa: E402
from servers.mongo_drivers import pymongo  # noqa: E402
from servers.mongo_server import MongoServer  # noqa: E402
from servers.postgres_server import PostgresServer  # noqa: E402
from servers.proxy_server import binary  # noqa: E402
from servers.redis_server import RedisServer  # noqa: E402
from shell import BlockFailed, Shell, pattern_of  # noqa: E402

SECONDS = 60
#: Kafka's own scripts do little more than this.
KAFKA_SCRIPTS = {"kafka-server-start.sh": "kafka.Kafka",
                 "kafka-storage.sh": "kafka.tools.StorageTool"}


def install_kafka(folder: Path) -> None:
    """Two scripts of a Kafka that was unpacked in `folder`/kafka."""
    jars = kafka_jars(print)
    (folder / "kafka/bin").mkdir(parents=True)
    for name, java_class in KAFKA_SCRIPTS.items():
        script = folder / "kafka/bin" / name
        script.write_text(
            "#!/bin/sh\nexec java -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 "
            f"-Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp '{jars}/*' {java_class} \"$@\"\n")
        script.chmod(0o755)


SERVERS = {"redis": lambda: RedisServer(port=6379), "postgres": lambda: PostgresServer(port=5432),
           "mongodb": lambda: MongoServer(print, port=27017)}


def make_checkout(folder: Path) -> None:
    """What a reader has who has built it."""
    ignored = shutil.ignore_patterns("build", "*.egg-info", "__pycache__", "node_modules")
    for name in ("clients", "examples"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    (folder / "build").mkdir()
    (folder / "build/release").symlink_to(binary().parents[1])


def environment(folder: Path, servers: tuple) -> dict:
    """Nothing of the tests' own."""
    first = f"{pymongo() / 'bin'}:" if "mongodb" in servers else ""
    return {
        "HOME": str(folder), "LANG": "C.UTF-8", "TERM": "xterm", "PAGER": "cat",
        "PATH": f"{first}{binary().parent}:/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/bin",
        # CMake's own choice is make, which the page has its reader install and ./dev does without.
        "CMAKE_GENERATOR": "Ninja",
        # There is no network: what pip is asked for is there as a Debian package.
        "PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }


def check(block: Block, shown: str, failures: list[str]) -> None:
    """BlockFailed unless the block did what the page says."""
    wanted = [str(block.status)] if block.status else []
    if [each.split()[0] for each in failures] != wanted:
        raise BlockFailed(f"status {block.status} is expected, but {failures or 'none'} failed; "
                          f"it shows\n{shown}")
    if block.expected is not None and not pattern_of(block.expected).fullmatch(shown):
        raise BlockFailed(f"expected is\n{block.expected}it shows\n{shown}")


def run_page(page: Path, folder: Path, servers: tuple) -> None:
    shell = Shell(folder, environment(folder, servers))
    for block in blocks_of(page):
        if block.file:
            (folder / block.file).write_text(block.text)
        elif block.language == "sh" and not block.not_run:
            run_block(shell, page, block)


def run_block(shell: Shell, page: Path, block: Block) -> None:
    print(f"line {block.line}:\n{block.text}", flush=True)
    try:
        shown, failures = shell.run(block.text, SECONDS)
        check(block, shown, failures)
    except BlockFailed as failure:
        sys.exit(f"{page.name}, line {block.line}: {failure}")


def main(page: str, folder: str, *servers: str) -> None:
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    make_checkout(Path(folder))
    with contextlib.ExitStack() as stopping:
        for name in servers:
            if name == "kafka":
                install_kafka(Path(folder))
            else:
                stopping.callback(SERVERS[name]().stop)
        run_page(Path(page), Path(folder), servers)


if __name__ == "__main__":
    main(*sys.argv[1:])
