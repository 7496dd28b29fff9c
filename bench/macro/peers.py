"""The proxies that are compared, each with one thread that moves data unless a row says else."""

import dataclasses
import json
import os
import pathlib
from collections.abc import Callable

import configs
import ports
import programs


Routes = list[tuple[int, int]]  # ports of 127.0.0.1: where the proxy listens, and its upstream
Command = Callable[[pathlib.Path, Routes], list]


@dataclasses.dataclass(frozen=True)
class Peer:
    """How to find and start one proxy.

    `command` writes the configuration into the folder it is given and returns the arguments.
    """

    name: str
    title: str
    program: Callable[[], pathlib.Path]
    version_option: str
    command: Command
    # The same with as many threads as the program takes by itself; none if `command` is that.
    default_command: Command | None = None
    environment: dict = dataclasses.field(default_factory=dict)
    # How many connections the memory row opens on the way; the last is what it reports.
    idle_steps: tuple[int, ...] = (250, 500, 1000, 2000)
    one_route: bool = False  # cannot have more

    def by_default(self) -> "Peer":
        """The proxy as somebody runs it who sets no number of threads."""
        return dataclasses.replace(self, command=self.default_command or self.command)


def _with_file(name: str, text: Callable[[Routes], str], arguments: Callable) -> Command:
    """A command whose only file is `name`, with what `text` returns for the routes.

    `arguments` are those of the program, for the file's path.
    """

    def command(folder: pathlib.Path, routes: Routes) -> list:
        file = folder / name
        file.write_text(text(routes))
        return arguments(file)

    return command


def _haproxy(name: str, title: str, splice: bool, program=None) -> Peer:
    def command(threads: int | None) -> Command:
        return _with_file(
            "haproxy.cfg",
            lambda routes: configs.haproxy(routes, threads, splice),
            lambda file: ["-db", "-q", "-f", file],
        )

    program = program or (lambda: programs.installed("haproxy"))
    return Peer(name, title, program, "-v", command(1), command(None))


def _nginx(name: str, title: str, buffer_size: str | None, program=None) -> Peer:
    """`program` has its streams built in; the system's has them in a file."""
    module = "" if program else "/usr/lib/nginx/modules/ngx_stream_module.so"

    def command(threads: int | None) -> Command:
        return _with_file(
            "nginx.conf",
            lambda routes: configs.nginx(routes, threads, buffer_size, module),
            lambda file: ["-p", file.parent, "-e", "stderr", "-c", file],
        )

    program = program or (lambda: programs.installed("nginx", "nginx libnginx-mod-stream"))
    return Peer(name, title, program, "-v", command(1), command(None))


def _toxiproxy_like(name, title, program, command, default_command, environment) -> Peer:
    # Neither logs a line for each connection: the others do not either.
    environment = {"LOG_LEVEL": "error", **environment}
    return Peer(name, title, program, "--version", command, default_command, environment)


def _toxiproxy_command(
    arguments: list, unused_proxies: int = 0, more: dict | None = None
) -> Command:
    return _with_file(
        "proxies.json",
        lambda routes: json.dumps(configs.toxiproxy(routes, unused_proxies, more)),
        lambda file: [
            *arguments, "-host", "127.0.0.1", "-port", ports.api_port(), "-config", file
        ],
    )


def _toxiproxy(name: str, title: str, environment: dict) -> Peer:
    return _toxiproxy_like(
        name, title, programs.toxiproxy, _toxiproxy_command([]), None, environment
    )


def _envoy(name: str, title: str, config: Callable[[Routes], dict]) -> Peer:
    def command(threads: list) -> Command:
        return _with_file(
            "envoy.json",
            lambda routes: json.dumps(config(routes)),
            lambda file: [*threads, *"-l error --disable-hot-restart -c".split(), file],
        )

    return Peer(
        name, title, programs.envoy, "--version", command(["--concurrency", 1]), command([])
    )


def envoy_redis() -> Peer:
    return _envoy("envoy-redis", "Envoy, Redis filter",
                  lambda routes: configs.envoy(routes, configs.envoy_redis_filter))


def nutcracker() -> Peer:
    return Peer("nutcracker", "nutcracker (twemproxy)", lambda: programs.installed("nutcracker"),
                "-V",
                _with_file("nutcracker.yml", configs.nutcracker,
                           lambda file: ["-c", file, "-o", file.with_suffix(".log"),
                                         "-p", file.with_suffix(".pid"), "-a", "127.0.0.1",
                                         "-s", ports.api_port()]),
                one_route=True)


def _socat(_: pathlib.Path, routes: Routes) -> list:
    ((listen, upstream),) = routes
    return [
        # All others set TCP_NODELAY by themselves.
        f"TCP4-LISTEN:{listen},bind=127.0.0.1,fork,reuseaddr,backlog=4096,nodelay",
        f"TCP4:127.0.0.1:{upstream},nodelay",
    ]


DIRECT = "direct"
ACONITE = "aconite"


def aconite(threads: int, unused_proxies: int = 0) -> Peer:
    """aconite with so many threads that move data."""
    return _toxiproxy_like(
        ACONITE,
        "aconite",
        lambda: programs.built("aconite"),
        _toxiproxy_command(["serve", "-threads", threads], unused_proxies),
        _toxiproxy_command(["serve"], unused_proxies),
        {},
    )


def aconite_with(name: str, title: str, more: dict) -> Peer:
    """aconite with one thread, and with that set of its proxy."""
    command = _toxiproxy_command(["serve", "-threads", 1], 0, more)
    return dataclasses.replace(aconite(1), name=name, title=title, command=command)


def pgbouncer() -> Peer:
    def command(folder: pathlib.Path, routes: Routes) -> list:
        file = folder / "pgbouncer.ini"
        file.write_text(configs.pgbouncer(routes))
        if os.geteuid() != 0:
            return ["-q", file]
        folder.chmod(0o755)  # it does not run as root
        return ["-q", "-u", "postgres", file]

    program = lambda: programs.installed("pgbouncer")  # noqa: E731
    return Peer("pgbouncer", "PgBouncer, session mode", program, "--version", command,
                one_route=True)


def kafka_proxy() -> Peer:
    def command(_: pathlib.Path, routes: Routes) -> list:
        mapped = [f"--bootstrap-server-mapping=127.0.0.1:{upstream},127.0.0.1:{listen}"
                  for listen, upstream in routes]
        return ["server", *mapped, *"--default-listener-ip 127.0.0.1 --http-disable".split(),
                "--log-level", "error"]

    return Peer("kafka-proxy", "kafka-proxy", _newer("kafka-proxy"), "version", command)


def _newer(name: str) -> Callable[[], pathlib.Path]:
    return lambda: programs.newer(name)


PEERS = {
    peer.name: peer
    for peer in (
        aconite(1),
        _haproxy("haproxy-splice", "HAProxy, splice", True),
        _haproxy("haproxy", "HAProxy", False),
        _haproxy("haproxy-newer-splice", "newer HAProxy, splice", True, _newer("haproxy")),
        _haproxy("haproxy-newer", "newer HAProxy", False, _newer("haproxy")),
        _nginx("nginx", "nginx", None),
        _nginx("nginx-256k", "nginx, 256 KB buffer", "256k"),
        _nginx("nginx-newer", "newer nginx", None, _newer("nginx")),
        _toxiproxy("toxiproxy", "Toxiproxy", {}),
        _toxiproxy("toxiproxy-1", "Toxiproxy, GOMAXPROCS=1", {"GOMAXPROCS": "1"}),
        _envoy("envoy", "Envoy", configs.envoy),
        Peer(
            "socat",
            "socat, fork",
            lambda: programs.installed("socat"),
            "-V",
            _socat,
            idle_steps=(25, 50, 100, 200),  # a process for each connection
            one_route=True,
        ),
    )
}
TITLES = {DIRECT: "no proxy", **{peer.name: peer.title for peer in PEERS.values()}}


def add(peer: Peer) -> None:
    """One more."""
    PEERS[peer.name] = peer
    TITLES[peer.name] = peer.title


def add_before(program: pathlib.Path) -> None:
    """One more peer: another build of aconite."""
    found = program.resolve()  # a proxy runs in a folder of its own
    before = dataclasses.replace(
        PEERS[ACONITE], name="before", title="aconite, before", program=lambda: found
    )
    add(before)
