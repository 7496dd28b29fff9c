"""The image for 64-bit ARM: compiled across, its program run on an emulated processor."""

import json
import subprocess
import time

import pytest

from servers.process import require
from servers.proxy_server import ROOT, ProxyServer
from servers.rest import RestClient

IMAGE = "aconite:arm64"


@pytest.fixture(scope="session")
def image(images, progress):
    """Built as `docker buildx build --platform linux/arm64` does, by BuildKit."""
    progress("building the image aconite for arm64")
    images.build(IMAGE, ROOT, "--platform", "linux/arm64", environment={"DOCKER_BUILDKIT": "1"})
    return IMAGE


@pytest.fixture
def program(images, image, tmp_path):
    """The program, copied out of the image."""
    container = images.docker("create", "--platform", "linux/arm64", image).strip()
    images.docker("cp", f"{container}:/aconite", tmp_path)
    images.docker("rm", container)
    return tmp_path / "aconite"


def test_it_is_for_that_processor(images, image):
    found = json.loads(images.docker("image", "inspect", image))[0]
    assert (found["Os"], found["Architecture"]) == ("linux", "arm64")
    assert found["Size"] < 40_000_000


def test_its_program_serves_delays_and_tells_its_health(program, tmp_path, monkeypatch):
    emulator = require("qemu-aarch64-static", "qemu-user-static")
    monkeypatch.setenv("ACONITE_BIN", str(program))
    server = ProxyServer(tmp_path, prefix=[emulator])
    try:
        def health(port):
            return subprocess.run([emulator, program, "--host", f"http://localhost:{port}",
                                   "health"]).returncode
        assert (health(server.port), health(1)) == (0, 1)

        proxy = server.api.create_proxy("itself", f"localhost:{server.port}")
        proxy.add("latency", latency=200)
        began = time.monotonic()
        assert RestClient(proxy.port).json("GET", "/version")
        assert time.monotonic() - began >= 0.2
    finally:
        server.stop()
