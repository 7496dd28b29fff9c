"""Runs a small program of each official client against the server.

Each program creates, reads, changes and deletes proxies and toxics of every type, checks how
errors come out, and prints "all passed" at the end.
"""

import pathlib
import shutil
import subprocess

import pytest

from compat_kit import binaries
from compat_kit.installs import prepared, python_with, run
from servers.maven import maven_that_fetches

HERE = pathlib.Path(__file__).resolve().parent


def needs(program: str) -> str:
    """The path of a program. Skips, with the reason, where there is none."""
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"no {program} on this machine")
    return path


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

    folder = prepared("go", HERE / "go/main.go", HERE / "go/go.mod", HERE / "go/go.sum", make=make)
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

    folder = prepared(
        "node", HERE / "node/package.json", HERE / "node/package-lock.json", make=make
    )
    said = run(
        node, HERE / "node/driver.js", folder / "node_modules",
        f"127.0.0.1:{server.port}", echo.address,
    )
    assert said.endswith("all passed\n")


def test_python_client(server, echo):
    python = python_with("python", HERE / "python/requirements.txt")
    said = run(python, HERE / "python/driver.py", "127.0.0.1", str(server.port), echo.address)
    assert said.endswith("all passed\n")


def test_java_client(server, echo):
    java = needs("java")
    needs("mvn")

    def make(folder):
        run(
            *maven_that_fetches(), "-f", HERE / "java/pom.xml",
            f"-DbuildFolder={folder}", "compile",
        )

    folder = prepared("java", HERE / "java/pom.xml", HERE / "java/Driver.java", make=make)
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

    folder = prepared("rust", HERE / "rust/Cargo.toml", HERE / "rust/src/main.rs", make=make)
    said = run(folder / "target/debug/driver", f"127.0.0.1:{server.port}", echo.address)
    assert said.endswith("all passed\n")
