"""debian:bookworm-slim, made on the machine from the packages it installs from itself."""

import fcntl
import os
import subprocess
import tempfile
from pathlib import Path

from servers.process import ServerError, require
from servers.proxy_server import ROOT

from docker_kit.engine import Mode

NAME = "debian:bookworm-slim"
_SUITE = "bookworm"
#: Settings that every apt has by itself.
_DEFAULTS = ("IndexTargets", "CompressionTypes", "Changelogs", "cdrom")
#: As in the image of that name: packages are not kept once they are installed.
_CLEAN = ('DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb || true"; };\n'
          'Dir::Cache::pkgcache "";\nDir::Cache::srcpkgcache "";\n')
_NOT_SLIM = ("/usr/share/doc/*", "/usr/share/locale/*", "/usr/share/man/*", "/usr/share/info/*")


def _output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _sources():
    """The machine's apt sources of this Debian release, as lines of a sources.list."""
    listed = _output("apt-get", "indextargets", "--format",
                     "$(ORIGIN) $(CODENAME)|deb $(REPO_URI) $(RELEASE) $(COMPONENT)",
                     "Created-By: Packages")
    rows = [line.split("|") for line in sorted(set(listed.splitlines()))]
    sources = [line for release, line in rows if release.startswith(f"Debian {_SUITE}")]
    if not sources:
        raise ServerError(f"apt on this machine knows no package lists of Debian {_SUITE}: "
                          "apt-get update fetches them")
    return "\n".join(sources) + "\n"


def _apt_settings():
    """How the machine's apt fetches: proxies, certificates, dates."""
    lines = _output("apt-config", "dump").splitlines()
    return [line for line in lines if line.startswith("Acquire::") and not line.endswith('"";')
            and line.split("::")[1].split(" ")[0] not in _DEFAULTS]


def _make(target):
    certificates = [each for each in ("/etc/ssl/certs/ca-certificates.crt",
                                      "/usr/local/share/ca-certificates") if os.path.exists(each)]
    copies = [f'--customize-hook=mkdir -p "$1{os.path.dirname(each)}" && '
              f'cp -r {each} "$1{os.path.dirname(each)}/"' for each in certificates]
    with tempfile.TemporaryDirectory(prefix="base-", dir=target.parent) as folder:
        new, clean = f"{folder}/image.tar", Path(folder, "clean")
        clean.write_text(_CLEAN)
        done = subprocess.run(
            [require("mmdebstrap", "mmdebstrap"), "--quiet", "--variant=apt",
             "--dpkgopt=force-unsafe-io", *(f"--dpkgopt=path-exclude={each}" for each in _NOT_SLIM),
             *(f"--aptopt={line}" for line in _apt_settings()), *copies,
             f"--customize-hook=upload {clean} /etc/apt/apt.conf.d/docker-clean", _SUITE, new, "-"],
            input=_sources(), capture_output=True, text=True, timeout=600)
        if done.returncode != 0:
            raise ServerError(f"mmdebstrap failed\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
        os.rename(new, target)


def base_tar(progress):
    """The image as a tar in the build folder, made at the first call (half a minute).

    Its apt has the sources, settings and certificates of the machine's. `progress` is called with
    a line before it is made; a second run at the same time waits for the first. When this file
    changes it is made again.
    """
    target = ROOT / "build" / "docker" / "debian-bookworm-slim.tar"
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target.parent / "base.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists() or target.stat().st_mtime < Path(__file__).stat().st_mtime:
            progress(f"making {target.relative_to(ROOT)} (half a minute)")
            _make(target)
    return target


def import_base(engine, progress):
    """Sees to it that `engine` has the image debian:bookworm-slim; returns its name."""
    tar = base_tar(progress)
    engine.use(Mode.BUILD)
    version = f"aconite-test-base:{tar.stat().st_mtime_ns}"
    if not engine.has(version):
        engine.docker("import", "--change", 'CMD ["bash"]', tar, version)
        engine.docker("tag", version, NAME)
    return NAME
