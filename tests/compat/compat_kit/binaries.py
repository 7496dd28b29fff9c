"""Finds the programs under test: aconite from the build, the reference by `go install`."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
BUILD = ROOT / "build"
REFERENCE_VERSION = "2.12.0"
REFERENCE_MODULE = "github.com/Shopify/toxiproxy/v2"
GO_NEEDED = (1, 23)


class Unavailable(Exception):
    """A program cannot be had on this machine; the text says why."""


def aconite_folder() -> pathlib.Path:
    """The folder with aconite and its symlinks toxiproxy-server and toxiproxy-cli."""
    binary = pathlib.Path(os.environ.get("ACONITE_BIN", "build/release/bin/aconite"))
    return (ROOT / binary).parent


def go_program() -> str:
    """The go program, new enough by itself or through its own toolchain download."""
    go = shutil.which("go")
    if go is None:
        raise Unavailable("no go program on this machine")
    said = subprocess.run(
        [go, "env", "GOVERSION"], capture_output=True, text=True, cwd=tempfile.gettempdir()
    ).stdout
    found = re.match(r"go(\d+)\.(\d+)", said)
    # Since 1.21, go fetches the toolchain that a module asks for by itself.
    if not found or (int(found[1]), int(found[2])) < (1, 21):
        raise Unavailable(f"go is {said.strip() or 'unknown'}, the reference needs 1.23")
    return go


def go_environment(**more) -> dict:
    return {**os.environ, "GOTOOLCHAIN": os.environ.get("GOTOOLCHAIN", "auto"), **more}


def reference_folder() -> pathlib.Path:
    """The folder with the reference's two programs; installs them at the first call."""
    folder = BUILD / "reference"
    if all((folder / name).exists() for name in ("toxiproxy-server", "toxiproxy-cli")):
        return folder
    go = go_program()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        for command in ("server", "cli"):
            done = subprocess.run(
                [
                    go,
                    "install",
                    "-ldflags",
                    f"-X {REFERENCE_MODULE}.Version={REFERENCE_VERSION}",
                    f"{REFERENCE_MODULE}/cmd/{command}@v{REFERENCE_VERSION}",
                ],
                env=go_environment(GOBIN=temporary),
                cwd=temporary,
                capture_output=True,
                text=True,
            )
            if done.returncode != 0:
                raise Unavailable(f"go install failed: {done.stderr.strip()[-500:]}")
            # A rename is atomic, so two runs at once do not meet half a file.
            os.replace(f"{temporary}/{command}", folder / f"toxiproxy-{command}")
    return folder
