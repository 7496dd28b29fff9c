"""The proxies that are compared, each with one thread that moves data."""

import dataclasses
import json
import pathlib
from collections.abc import Callable

import configs
import programs


@dataclasses.dataclass(frozen=True)
class Peer:
    """How to find and start one proxy that forwards 127.0.0.1:listen to 127.0.0.1:upstream.

    `command` writes the configuration into the folder it is given and returns the arguments.
    """

    name: str
    title: str
    program: Callable[[], pathlib.Path]
    version_option: str
    command: Callable[[pathlib.Path, int, int], list]
    environment: dict = dataclasses.field(default_factory=dict)
    # How many connections the memory row opens on the way; the last is what it reports.
    idle_steps: tuple[int, ...] = (250, 500, 1000, 2000)


def _with_file(name: str, text: Callable[[int, int], str], arguments: Callable):
    """A command whose only file is `name`, with what `text` returns for the two ports.

    `arguments` are those of the program, for the file's path.
    """

    def command(folder: pathlib.Path, listen: int, upstream: int) -> list:
        file = folder / name
        file.write_text(text(listen, upstream))
        return arguments(file)

    return command


def _haproxy(name: str, title: str, splice: bool) -> Peer:
    return Peer(
        name,
        title,
        lambda: programs.installed("haproxy"),
        "-v",
        _with_file(
            "haproxy.cfg",
            lambda listen, upstream: configs.haproxy(listen, upstream, splice),
            lambda file: ["-db", "-q", "-f", file],
        ),
    )


def _nginx(name: str, title: str, buffer_size: str | None) -> Peer:
    return Peer(
        name,
        title,
        lambda: programs.installed("nginx", "nginx libnginx-mod-stream"),
        "-v",
        _with_file(
            "nginx.conf",
            lambda listen, upstream: configs.nginx(listen, upstream, buffer_size),
            lambda file: ["-p", file.parent, "-e", "stderr", "-c", file],
        ),
    )


def _toxiproxy_like(name, title, program, arguments, environment, unused_proxies=0) -> Peer:
    def with_config(folder, listen, upstream):
        file = folder / "proxies.json"
        file.write_text(json.dumps(configs.toxiproxy(listen, upstream, unused_proxies)))
        api = configs.api_port()
        return [*arguments, "-host", "127.0.0.1", "-port", api, "-config", file]

    # Neither logs a line for each connection: the others do not either.
    return Peer(
        name, title, program, "--version", with_config, {"LOG_LEVEL": "error", **environment}
    )


def _toxiproxy(name: str, title: str, environment: dict) -> Peer:
    return _toxiproxy_like(name, title, programs.toxiproxy, [], environment)


DIRECT = "direct"
ACONITE = "aconite"


def aconite(threads: int, unused_proxies: int = 0) -> Peer:
    """aconite with so many threads that move data."""
    return _toxiproxy_like(
        ACONITE,
        "aconite",
        lambda: programs.built("aconite"),
        ["serve", "-threads", threads],
        {},
        unused_proxies,
    )


PEERS = {
    peer.name: peer
    for peer in (
        aconite(1),
        _haproxy("haproxy-splice", "HAProxy, splice", True),
        _haproxy("haproxy", "HAProxy", False),
        _nginx("nginx", "nginx", None),
        _nginx("nginx-256k", "nginx, 256 KB buffer", "256k"),
        _toxiproxy("toxiproxy", "Toxiproxy", {}),
        _toxiproxy("toxiproxy-1", "Toxiproxy, GOMAXPROCS=1", {"GOMAXPROCS": "1"}),
        Peer(
            "envoy",
            "Envoy",
            programs.envoy,
            "--version",
            _with_file(
                "envoy.json",
                lambda listen, upstream: json.dumps(configs.envoy(listen, upstream)),
                lambda file: "--concurrency 1 -l error --disable-hot-restart -c".split() + [file],
            ),
        ),
        Peer(
            "socat",
            "socat, fork",
            lambda: programs.installed("socat"),
            "-V",
            lambda folder, listen, upstream: [
                # All others set TCP_NODELAY by themselves.
                f"TCP4-LISTEN:{listen},bind=127.0.0.1,fork,reuseaddr,backlog=4096,nodelay",
                f"TCP4:127.0.0.1:{upstream},nodelay",
            ],
            idle_steps=(25, 50, 100, 200),  # a process for each connection
        ),
    )
}
TITLES = {DIRECT: "no proxy", **{peer.name: peer.title for peer in PEERS.values()}}


def add_before(program: pathlib.Path) -> None:
    """One more peer: another build of aconite."""
    before = dataclasses.replace(
        PEERS[ACONITE], name="before", title="aconite, before", program=lambda: program
    )
    PEERS[before.name] = before
    TITLES[before.name] = before.title
