"""A Debian in a folder, to install packages in."""

import os
import subprocess
from pathlib import Path

from servers.process import require

# What a package manager keeps of its own, and what is no file of the root's.
NOT_OURS = ("proc", "dev", "sys", "tmp", "root", "var/cache", "var/lib/apt", "var/lib/dpkg",
            "var/log", "etc/apt")


class Root:
    """A small Debian in a folder. What runs in it has namespaces of its own and ends with it."""

    def __init__(self, folder: Path):
        self.folder = folder

    def run(self, *command, network=False, check=True):
        """Runs a command in it, as root; with `network` in the machine's, else in one of its own
        with nothing but loopback."""
        setup = ('mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && '
                 f'{"true" if network else "ip link set lo up"} && exec chroot "$0" "$@"')
        done = subprocess.run(
            [require("unshare", "util-linux"), "--mount", "--pid", "--fork", "--kill-child",
             *([] if network else ["--net"]), "sh", "-c", setup, self.folder, *command],
            capture_output=True, text=True, timeout=240, check=False,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive",
                 "LC_ALL": "C.UTF-8", "HOME": "/root"})
        if check:
            assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done

    def add(self, file: Path) -> str:
        """Copies a file into its /tmp; its path there."""
        (self.folder / "tmp" / file.name).write_bytes(file.read_bytes())
        return f"/tmp/{file.name}"

    def path(self, inside: str) -> Path:
        return self.folder / inside.lstrip("/")

    def files(self) -> set:
        """All that is there, but for what the package manager notes."""
        found = set()
        for folder, folders, files in os.walk(self.folder):
            inside = os.path.relpath(folder, self.folder)
            folders[:] = [each for each in folders
                          if os.path.normpath(f"{inside}/{each}") not in NOT_OURS]
            found.update(os.path.normpath(f"{inside}/{each}") for each in folders + files)
        return found


def prepared(made: Root) -> Root:
    """With a host's name, documentation, and the package lists of its apt's sources."""
    # The image leaves out documentation, which is to be seen here, and has no package that brings
    # this file.
    for settings in made.path("etc/dpkg/dpkg.cfg.d").iterdir():
        lines = settings.read_text().splitlines(keepends=True)
        settings.write_text("".join(line for line in lines if "path-exclude" not in line))
    made.path("etc/hosts").write_text("127.0.0.1 localhost\n")
    made.run("apt-get", "update", network=True)
    return made
