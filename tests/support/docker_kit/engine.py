"""A throw-away Docker Engine."""

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from servers.process import Process, ServerError, require
from servers.waiting import wait_until

_TOOLS = {"/usr/sbin/dockerd": "docker.io", "/usr/bin/docker": "docker.io",
          "/usr/bin/docker-compose": "docker-compose", "/usr/bin/docker-init": "tini",
          "/usr/sbin/iptables": "iptables", "/usr/bin/ip": "iproute2",
          "/usr/bin/nsenter": "util-linux", "/usr/bin/unshare": "util-linux",
          "/usr/bin/flock": "util-linux"}

#: What runs first in the engine's namespaces: it waits until nobody else has the data, and as an
#: init it reaps what containers leave behind. $1 is the data's lock; the rest is the engine.
_INSIDE = """
mkdir -p /run/containerd && mount -t tmpfs none /run/containerd && ip link set lo up
exec 9>"$1" && flock -w 30 9 || { echo "the data is in use"; exit 1; }
shift && exec docker-init -- dockerd "$@"
"""

#: Compose is a command of its own in Debian; users type `docker compose`.
_DOCKER = """#!/bin/sh
if [ "$1" = compose ]; then shift; exec /usr/bin/docker-compose "$@"; fi
exec /usr/bin/docker "$@"
"""


class Mode:
    """What the engine is there for; it can be one at a time."""

    #: In the machine's network, without a bridge: `docker build --network=host` reaches what the
    #: machine reaches. Containers only with --network=host.
    BUILD = ("build", [], ["--bridge=none", "--iptables=false", "--ip-masq=false",
                           "--ip-forward=false"])
    #: In a network of its own, without a way out: bridges, published ports, names of containers.
    RUN = ("run", ["--net"], [])


class Engine:
    """Debian's Docker Engine in namespaces of its own, images and containers in `folder`.

    Needs root. It runs once use() was called. All its processes are in one PID namespace, which
    ends with the test run, also when that is killed; its mounts and its network end with them.
    A second engine on the same folder waits up to 30 s for the first to end.
    """

    def __init__(self, folder):
        if os.geteuid() != 0:
            raise ServerError("a Docker Engine can only be started by root")
        for tool, package in _TOOLS.items():
            require(tool, package)
        self.folder = Path(folder).resolve()
        self._state = Path(tempfile.mkdtemp(prefix="aconite-docker-"))
        self._process = self._mode = None
        self.folder.mkdir(parents=True, exist_ok=True)
        command = self._state / "bin" / "docker"
        command.parent.mkdir()
        command.write_text(_DOCKER)
        command.chmod(0o755)
        #: For programs that talk to this engine: `docker` and `docker compose` are on their PATH.
        self.environment = {
            **os.environ, "PATH": f"{command.parent}:/usr/sbin:/usr/bin:{os.environ['PATH']}",
            "DOCKER_HOST": f"unix://{self._state}/socket", "DOCKER_BUILDKIT": "0",
            "DOCKER_CONFIG": str(self._state)}

    def use(self, mode):
        """Has the engine run in `mode`; a change of mode takes a second or two.

        Raises ServerError if containers run that it would end, or with the engine's log if that
        has ended by itself.
        """
        if self._process is not None:
            self._process.check()
            if self._mode is mode:
                return
            running = self.docker("ps", "--quiet").split()
            if running:
                raise ServerError(f"{len(running)} containers run, the mode cannot change")
            self._stop_engine()
        name, namespaces, flags = mode
        self._process = Process(
            "docker", ["unshare", "--mount", "--pid", "--fork", "--mount-proc",
                       "--kill-child=SIGTERM", *namespaces, "sh", "-c", _INSIDE, "sh",
                       self.folder / "lock", "--data-root", self.folder / "data",
                       "--exec-root", self._state / "exec", "--pidfile", self._state / "pid",
                       "--host", self.environment["DOCKER_HOST"], "--storage-driver", "overlay2",
                       "--shutdown-timeout", "5", *flags],
            self.folder / f"{name}.log", stop_signal=signal.SIGKILL,
            PATH=self.environment["PATH"])
        self._mode = mode
        wait_until(self._answers, "the Docker Engine answering", 60, 0.05)

    def _answers(self):
        self._process.check()
        return subprocess.run(["/usr/bin/docker", "version"], env=self.environment,
                              capture_output=True).returncode == 0

    def run(self, *command, seconds=120, check=True, **more):
        """Runs a command in the engine's network and environment, its output as text.

        Returns the finished process; `check` raises ServerError with the output if it failed.
        """
        done = subprocess.run(
            ["nsenter", f"--net=/proc/{self._process.pid}/ns/net", "--", *map(str, command)],
            env={**self.environment, **more.pop("environment", {})}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
            timeout=seconds, **more)
        if check and done.returncode != 0:
            raise ServerError(f"{' '.join(map(str, command))} ended with status "
                              f"{done.returncode}\n{done.stdout[-6000:]}{done.stderr[-6000:]}")
        return done

    def docker(self, *words, **more):
        """Runs `docker` with these words; returns what it printed to stdout. See run()."""
        return self.run("docker", *words, **more).stdout

    def build(self, image, context, *words, seconds=1500, **more):
        """Builds `image` from the folder `context`, whose steps reach what the machine reaches.
        See run() for the rest."""
        self.use(Mode.BUILD)
        proxies = [word for name in ("http_proxy", "https_proxy", "no_proxy")
                   if name in os.environ for word in ("--build-arg", name)]
        self.docker("build", "--network=host", "--force-rm", *proxies, "--tag", image, *words,
                    context, seconds=seconds, **more)

    def has(self, image):
        """Whether the engine has `image`."""
        return bool(self.docker("images", "--quiet", image).strip())

    @contextlib.contextmanager
    def inside(self):
        """A block in whose thread new sockets are in the engine's network."""
        setns = ctypes.CDLL(None, use_errno=True).setns
        with open("/proc/thread-self/ns/net") as outside, \
                open(f"/proc/{self._process.pid}/ns/net") as network:
            def enter(namespace):
                if setns(namespace.fileno(), 0) != 0:
                    raise OSError(ctypes.get_errno(), "setns")
            enter(network)
            try:
                yield
            finally:
                enter(outside)

    def leftovers(self):
        """Names of all containers, volumes and networks, but for the engine's own networks."""
        networks = self.docker("network", "ls", "--format", "{{.Name}}").split()
        return [*self.docker("ps", "--all", "--format", "{{.Names}}").split(),
                *self.docker("volume", "ls", "--quiet").split(),
                *(name for name in networks if name not in ("bridge", "host", "none"))]

    def sweep(self):
        """Removes all containers, volumes and networks; images stay."""
        if not self.leftovers():
            return
        containers = self.docker("ps", "--all", "--quiet").split()
        if containers:
            self.docker("rm", "--force", "--volumes", *containers)
        self.docker("network", "prune", "--force")
        self.docker("volume", "prune", "--force")

    def _stop_engine(self):
        if self._process.alive():
            children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
            for child in children.read_text().split():
                os.kill(int(child), signal.SIGTERM)
            with contextlib.suppress(TimeoutError):
                wait_until(lambda: not self._process.alive(), "the Docker Engine ending", 20)
        self._process.stop()
        self._process = None

    def stop(self):
        """Stops the engine and its containers; images and logs stay in `folder`."""
        if self._process is not None:
            self._stop_engine()
        shutil.rmtree(self._state, ignore_errors=True)
