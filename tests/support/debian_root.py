"""A Debian in a folder, to install packages in."""

import os
import socket
import subprocess
from pathlib import Path

from servers.process import require

# What a package manager keeps of its own, and what is no file of the root's.
NOT_OURS = ("proc", "dev", "sys", "tmp", "root", "var/cache", "var/lib/apt", "var/lib/dpkg",
            "var/log", "etc/apt")
#: Root's, as he logs in.
ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
               "HOME": "/root"}
#: Makes the folder $0 the root and runs the rest. A new root of the mounts, not chroot: in that,
#: nobody could have mounts of his own, as `unshare --mount` gives them. The shell stays: all ends
#: with the first process, and one that changes its user, as apt does, would outlive its parent.
_ENTER = """
mount --bind "$0" "$0" && cd "$0" &&
mount -t proc proc proc && mount --rbind /sys sys && mount --rbind /dev dev &&
mount -t tmpfs tmpfs dev/shm && pivot_root . mnt && cd / && chroot mnt umount -l / || exit
"$@"
exit $?
"""


class Root:
    """A small Debian in a folder. What runs in it has namespaces of its own and ends with it."""

    def __init__(self, folder: Path):
        self.folder = folder

    def command(self, *words, network=False) -> list:
        """What runs a command in it, as root; with `network` in the machine's, else in one of its
        own with nothing but loopback. It ends with who started it."""
        enter = _ENTER if network else f"ip link set lo up && {_ENTER.lstrip()}"
        return [require("setpriv", "util-linux"), "--pdeathsig=KILL", "--",
                require("unshare", "util-linux"), "--mount", "--pid", "--fork", "--kill-child",
                *([] if network else ["--net"]), "sh", "-c", enter, self.folder, *words]

    def run(self, *command, network=False, check=True):
        """Runs a command in it to its end, ten minutes at most; the finished process."""
        quiet = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            self.command(*command, network=network), capture_output=True, text=True, timeout=600,
            check=False, env={**ENVIRONMENT, **quiet})
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


def unpacked(tar: Path, folder: Path) -> Root:
    """The base image's files in an empty folder, as a machine has them: with a host's name,
    documentation, and the package lists of its apt's sources."""
    subprocess.run(["tar", "-xf", tar, "-C", folder], check=True, timeout=120)
    made = Root(folder)
    # The image leaves out documentation, which is to be seen here, and has no package that brings
    # this file.
    for settings in made.path("etc/dpkg/dpkg.cfg.d").iterdir():
        lines = settings.read_text().splitlines(keepends=True)
        settings.write_text("".join(line for line in lines if "path-exclude" not in line))
    made.path("etc/hosts").write_text(f"127.0.0.1 localhost\n127.0.1.1 {socket.gethostname()}\n")
    made.run("apt-get", "update", network=True)
    return made
