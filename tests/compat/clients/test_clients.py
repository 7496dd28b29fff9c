"""Runs a small program of each official client against the server.

Each program creates, reads, changes and deletes proxies and toxics of every type, checks how
errors come out, and prints "all passed" at the end.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import pytest

from compat_kit import binaries

HERE = pathlib.Path(__file__).resolve().parent
BUILD = binaries.BUILD / "compat-clients"


def needs(program: str) -> str:
    """The path of a program. Skips, with the reason, where there is none."""
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"no {program} on this machine")
    return path


def run(*command, **more) -> str:
    """Runs a command to its end and returns what it printed. Fails with all its output."""
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=600, **more
    )
    assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stdout}"
    return done.stdout


def prepared(name, *inputs, make):
    """The folder build/compat-clients/NAME, made by make(folder) unless it is there already.

    It is made again when one of the input files is newer. Two runs at once each make their own
    and the last one stays.
    """
    folder = BUILD / name
    newest = max((HERE / each).stat().st_mtime for each in inputs)
    if folder.exists() and folder.stat().st_mtime >= newest:
        return folder
    BUILD.mkdir(parents=True, exist_ok=True)
    new = pathlib.Path(tempfile.mkdtemp(prefix=f"{name}-new-", dir=BUILD))
    try:
        make(new)
        shutil.rmtree(folder, ignore_errors=True)
        new.rename(folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    os.utime(folder)
    return folder


def test_go_client(server, echo):
    try:
        go = binaries.go_program()
    except binaries.Unavailable as reason:
        pytest.skip(f"no Go client: {reason}")

    def make(folder):
        run(
            go, "build", "-mod=readonly", "-o", folder / "driver", ".",
            cwd=HERE / "go", env=binaries.go_environment(),
        )

    folder = prepared("go", "go/main.go", "go/go.mod", "go/go.sum", make=make)
    said = run(folder / "driver", f"127.0.0.1:{server.port}", echo.address)
    assert said.endswith("all passed\n")


def test_node_client(server, echo):
    node, npm = needs("node"), needs("npm")
    if int(run(node, "--version").strip("v\n").split(".")[0]) < 18:
        pytest.skip("the Node client needs node 18")

    def make(folder):
        for each in ("package.json", "package-lock.json"):
            shutil.copy(HERE / "node" / each, folder)
        run(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=folder)

    folder = prepared("node", "node/package.json", "node/package-lock.json", make=make)
    said = run(
        node, HERE / "node/driver.js", folder / "node_modules",
        f"127.0.0.1:{server.port}", echo.address,
    )
    assert said.endswith("all passed\n")


def test_python_client(server, echo):
    def make(folder):
        run(sys.executable, "-m", "venv", folder)
        run(
            folder / "bin/python", "-m", "pip", "install", "--quiet",
            "--disable-pip-version-check", "-r", HERE / "python/requirements.txt",
        )

    folder = prepared("python", "python/requirements.txt", make=make)
    said = run(
        folder / "bin/python", HERE / "python/driver.py",
        "127.0.0.1", str(server.port), echo.address,
    )
    assert said.endswith("all passed\n")


def test_java_client(server, echo):
    java, maven = needs("java"), needs("mvn")

    def make(folder):
        run(
            maven, "-q", "-B", "-f", HERE / "java/pom.xml",
            f"-DbuildFolder={folder}", "compile",
        )

    folder = prepared("java", "java/pom.xml", "java/Driver.java", make=make)
    said = run(
        java, "-cp", f"{folder}/classes:{folder}/dependency/*",
        "Driver", "127.0.0.1", str(server.port), echo.address,
    )
    assert said.endswith("all passed\n")


def test_rust_client(server, echo):
    cargo, tool = needs("cargo"), needs("pkg-config")
    if subprocess.run([tool, "--exists", "openssl"]).returncode != 0:
        pytest.skip("the Rust client needs OpenSSL's headers (libssl-dev)")

    def make(folder):
        # Built from a copy, so that the lock file and the objects stay in the build folder.
        shutil.copytree(HERE / "rust", folder, dirs_exist_ok=True)
        run(cargo, "build", "--quiet", "--jobs", "2", cwd=folder)

    folder = prepared("rust", "rust/Cargo.toml", "rust/src/main.rs", make=make)
    said = run(folder / "target/debug/driver", f"127.0.0.1:{server.port}", echo.address)
    assert said.endswith("all passed\n")
