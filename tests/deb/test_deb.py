"""The Debian packages: installed, used and purged in a Debian of their own."""

import os
import select
import subprocess

import pytest
from compat_kit.installs import run
from debian_root import ENVIRONMENT
from servers.process import require

CONFIG = "/etc/aconite/proxies.yaml"
#: Starts the service's own command, on a port of its network's, and asks it.
SESSION = f"""
set -e
$AS aconite serve -config {CONFIG} >/tmp/log 2>&1 &
aconite wait ready --timeout 10s
toxiproxy-cli create db -l 127.0.0.1:0 -u 127.0.0.1:8474
aconite toxic add db -t latency -a latency=5
toxiproxy-cli list
aconite doctor
stat -c %U /proc/$!
kill $! && wait $!
"""


def test_nothing_outlives_who_started_it(root):
    """Not even what changes its user, which the kernel then no longer ends with its parent."""
    other = ["setpriv", "--reuid=nobody", "--clear-groups", "sh", "-c", "echo; exec sleep 1000"]
    with subprocess.Popen(root.command(*other), stdout=subprocess.PIPE, env=ENVIRONMENT) as started:
        assert started.stdout.readline() == b"\n"
        started.kill()
        assert select.select([started.stdout], [], [], 30)[0], "it lives"


@pytest.fixture(scope="module")
def before(root):
    """What was there before anything was installed."""
    return root.files()


@pytest.fixture(scope="module")
def installed(root, before, debs):
    """The program's package, installed with all it needs."""
    root.run("apt-get", "install", "--yes", "--no-install-recommends",
             root.add(debs["aconite"]), network=True)
    return root


def test_there_are_three_packages(debs):
    assert set(debs) == {"aconite", "aconite-experiment", "libaconite-dev"}


def test_what_runs_experiments_is_found_by_the_program(installed, debs):
    """Behind the program's own tests: what it needs comes with it, and goes with it again."""
    missing = installed.run("sh", "-c", "aconite run --help 2>&1; echo $?").stdout
    assert "package aconite-experiment" in missing and missing.endswith("3\n")
    installed.run("apt-get", "install", "--yes", "--no-install-recommends",
                  installed.add(debs["aconite-experiment"]), network=True)
    assert "aconite run" in installed.run("aconite", "run", "--help").stdout
    installed.run("apt-get", "purge", "--yes", "--auto-remove", "aconite-experiment")


@pytest.mark.parametrize("user, run_as", [
    ("root", ""),
    ("nobody", "setpriv --reuid=nobody --regid=nogroup --clear-groups --no-new-privs"),
])
def test_server_and_command_line_work(installed, user, run_as):
    out = installed.run("sh", "-c", SESSION.replace("$AS", run_as)).stdout
    assert "Created new proxy db" in out
    assert "problems: 0" in out
    assert f"\n{user}" in out


def test_all_that_belongs_to_it_is_there(installed):
    for file in ("bin/toxiproxy-server", "lib/systemd/system/aconite.service",
                 "share/man/man1/aconite.1.gz", "share/man/man1/toxiproxy-cli.1.gz",
                 "share/bash-completion/completions/aconite",
                 "share/zsh/vendor-completions/_aconite",
                 "share/fish/vendor_completions.d/aconite.fish",
                 "share/doc/aconite/copyright", "share/doc/aconite/changelog.Debian.gz"):
        assert installed.path(f"usr/{file}").exists(), file
    completes = ". /usr/share/bash-completion/completions/toxiproxy-cli; complete -p toxiproxy-cli"
    assert "_aconite" in installed.run("bash", "-c", completes).stdout


def test_the_manual_has_no_warning(installed):
    for name in ("aconite", "toxiproxy-server", "toxiproxy-cli"):
        done = subprocess.run(
            [require("man", "man-db"), "--warnings", "-M", installed.path("usr/share/man"), name],
            capture_output=True, text=True, timeout=30, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        for verb in ("serve", "toxic add", "doctor", "-journal-records", "--server", "jitter="):
            assert verb in done.stdout, verb


def test_the_service_is_valid_and_shut_in(installed):
    require("systemd-analyze", "systemd")

    def analyze(*arguments):
        """Asks systemd-analyze where the machine's programs and units are, and the package's."""
        over = 'mount -t overlay overlay -o "lowerdir=/usr:$0/usr" /usr && exec systemd-analyze "$@"'
        return subprocess.run(
            ["unshare", "--mount", "sh", "-c", over, installed.folder, *arguments,
             "aconite.service"], capture_output=True, text=True, timeout=30, check=False)

    done = analyze("verify")
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    # What it may do, from 0 (nothing) to 100 (everything).
    done = analyze("security", "--offline=yes", "--threshold=20", "--no-pager")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    # Nobody asked for it to run.
    assert not list(installed.path("etc/systemd").rglob("aconite.service"))


def test_the_library_finds_what_it_needs(root, debs, tmp_path):
    done = root.run("apt-get", "install", "--simulate", "--no-install-recommends",
                    root.add(debs["libaconite-dev"]))
    assert "Inst libboost1.81-dev" in done.stdout
    assert "Inst libssl-dev" in done.stdout
    assert "Inst libaconite-dev" in done.stdout
    folder = tmp_path / "files"
    run("dpkg-deb", "--extract", debs["libaconite-dev"], folder)
    for file in ("libaconite.a", "libaconite_client.a", "cmake/aconite/aconite-config.cmake"):
        assert (folder / "usr/lib" / file).is_file(), file
    search = {**os.environ, "PKG_CONFIG_PATH": str(folder / "usr/lib/pkgconfig")}
    assert "-laconite_client" in run("pkg-config", "--libs", "aconite-client", env=search)


def test_a_changed_configuration_stays_until_it_is_purged(installed, before, debs):
    config = installed.path(CONFIG)
    config.write_text("- {name: mine, listen: '127.0.0.1:0', upstream: '127.0.0.1:1'}\n")
    installed.run("dpkg", "--install", installed.add(debs["aconite"]))
    installed.run("apt-get", "remove", "--yes", "aconite")
    assert "mine" in config.read_text()
    assert not installed.path("usr/bin/aconite").exists()
    installed.run("apt-get", "purge", "--yes", "--auto-remove", "aconite")
    assert installed.files() - before == set()
    assert before - installed.files() == set()
