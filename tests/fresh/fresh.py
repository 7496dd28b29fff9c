"""The README's two commands on a machine that has nothing: fresh.py [--user] [run] [test]

Makes a Debian 12 with no more than apt, git and ca-certificates in build/fresh, clones this
checkout's HEAD there (nothing that is not committed) and runs, in the machine's network,
`./dev run --once` and `./dev test`, or the one that is named: as root, or with --user as somebody
who has sudo. Tells the time of each, ends with the first bad status and removes it all. Needs root,
8 GB on the disk and half an hour.

How a network is left is a machine's own business, not the project's, so the new one has what this
one has: apt's sources and settings, certificate authorities, and of what the package managers of
languages are told those variables and files that are listed below.
"""

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/support")]

from debian_root import ENVIRONMENT, Root, unpacked  # noqa: E402
from docker_kit.base_image import base_tar  # noqa: E402
from servers.waiting import wait_until  # noqa: E402

COMMANDS = {"run": ["./dev", "run", "--once"], "test": ["./dev", "test"]}
#: Proxies, registries, certificates and time limits.
VARIABLES = re.compile(
    r"(https?|ftp|all|no)_proxy|pip_.*|npm_config_.*|cargo_(http|net|registr|source)\w*"
    r"|go(proxy|noproxy|sumdb|nosumdb|private|insecure|flags)|maven_(opts|args)"
    r"|ssl_cert_(file|dir)|(curl|requests)_ca_bundle|node_extra_ca_certs|git_ssl_cainfo", re.I)
FILES = ("/etc/pip.conf", "/etc/npmrc", "~/.npmrc", "~/.pip/pip.conf", "~/.config/pip/pip.conf",
         "~/.cargo/config.toml", "~/.config/go/env", "~/.m2/settings.xml")
AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"


def say(line: str) -> None:
    print(f"== fresh: {line}", flush=True)


def certificates(bundle: Path) -> list[str]:
    return re.findall(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n",
                      bundle.read_text(), re.DOTALL) if bundle.exists() else []


def trust_as_here(machine: Root) -> None:
    """Certificate authorities that this machine trusts beside Debian's, as Debian wants them."""
    known = set(certificates(machine.path(AUTHORITIES)))
    for number, each in enumerate(set(certificates(Path(AUTHORITIES))) - known):
        machine.path(f"usr/local/share/ca-certificates/here-{number}.crt").write_text(each)
    machine.run("update-ca-certificates")


def environment(machine: Root) -> dict:
    """Without variables that are paths which are not there."""
    passed = {name: value for name, value in os.environ.items() if VARIABLES.fullmatch(name)
              and not (value.startswith("/") and not machine.path(value).exists())}
    return {**passed, **ENVIRONMENT}


@dataclass
class Newcomer:
    """Who begins there."""

    home: str
    become: list  #: what root says in front of his commands


SUPERUSER = Newcomer("/root", [])
NAME = "newcomer"
USER = Newcomer(f"/home/{NAME}", [
    "setpriv", f"--reuid={NAME}", f"--regid={NAME}", "--init-groups", "--",
    "env", f"HOME=/home/{NAME}", f"USER={NAME}", "PATH=/usr/local/bin:/usr/bin:/bin"])


def furnish(machine: Root, who: Newcomer) -> None:
    """With what a newcomer has before he starts."""
    wanted = ["git", "ca-certificates"]
    if who is USER:
        machine.run("useradd", "--create-home", "--shell", "/bin/bash", NAME)
        wanted.append("sudo")
    machine.run("apt-get", "install", "--yes", "--no-install-recommends", *wanted, network=True)
    if who is USER:
        machine.path("etc/sudoers.d/newcomer").write_text(f"{NAME} ALL=(ALL) NOPASSWD: ALL\n")
    trust_as_here(machine)
    for name in FILES:
        here, there = Path(name).expanduser(), machine.path(name.replace("~", who.home))
        if here.is_file():
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(here, there)
    bundle, home = machine.path("/tmp/aconite.bundle"), who.home
    subprocess.run(["git", "-C", ROOT, "bundle", "create", "--quiet", bundle, "HEAD"], check=True)
    machine.run("git", "clone", "--quiet", "/tmp/aconite.bundle", f"{home}/aconite")
    machine.run("chown", "--recursive", f"--reference={home}", home)


def gone(folder: Path) -> bool:
    """Whether it could be removed: what was killed in there may write a moment longer."""
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()


def empty(folder: Path) -> Path:
    """Where what an earlier call may have left, cut off as it was, is removed."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    return folder


def main(*arguments: str) -> int:
    who = USER if "--user" in arguments else SUPERUSER
    wanted = [each for each in arguments if each != "--user"]
    if unknown := set(wanted) - set(COMMANDS):
        sys.exit(f"fresh: no such command: {' '.join(unknown)}; there are: {' '.join(COMMANDS)}")
    if os.geteuid() != 0:
        sys.exit("fresh: a root folder can be made by root only")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # or the folder would stay
    (ROOT / "build/fresh").mkdir(parents=True, exist_ok=True)
    with open(ROOT / "build/fresh/lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # ends with this process
        folder, told, status = ROOT / "build/fresh/root", [], 0
        try:
            machine = unpacked(base_tar(say), empty(folder))
            furnish(machine, who)
            for name in wanted or COMMANDS:
                began, words = time.monotonic(), " ".join(COMMANDS[name])
                say(words)
                done = subprocess.run(
                    machine.command(*who.become, "sh", "-c", f"cd ~/aconite && {words}",
                                    network=True),
                    stdin=subprocess.DEVNULL, env=environment(machine), check=False)
                told.append(f"{words}: {'ok' if done.returncode == 0 else 'FAILED'} "
                            f"(status {done.returncode}), {time.monotonic() - began:.0f} s")
                status = status or done.returncode
        finally:
            wait_until(lambda: gone(folder), "its files going", 120)
        for line in told:
            say(line)
        return status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
