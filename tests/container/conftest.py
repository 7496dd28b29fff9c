"""A Docker Engine for the tests in this folder, and the images they need."""

import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "support"), str(TESTS / "compat")]

from broker_images import build_brokers  # noqa: E402
from docker_kit.base_image import import_base  # noqa: E402
from docker_kit.engine import Engine, Mode  # noqa: E402
from docker_kit.folders import claim_folder  # noqa: E402
from servers.proxy_server import ROOT  # noqa: E402
from servers.reporting import progress, pytest_runtest_makereport  # noqa: E402,F401


@pytest.fixture(scope="session")
def images(progress):
    """The engine, for fixtures that build images with it; it has debian:bookworm-slim."""
    engine = Engine(claim_folder())
    try:
        import_base(engine, progress)
        engine.sweep()
        yield engine
    finally:
        engine.stop()


@pytest.fixture(scope="session")
def aconite_image(images, progress):
    """The name of the image that the project's Dockerfile makes, built once a session."""
    progress("building the image aconite")
    images.build("aconite", ROOT)
    return "aconite"


@pytest.fixture(scope="session")
def broker_images(images, progress):
    """Variables for the Compose files of the examples: images of PostgreSQL, Redis and Kafka."""
    return build_brokers(images, progress)


@pytest.fixture
def engine(images):
    """The engine, ready to run containers in its own network; what a test leaves is removed.

    Name fixtures of images beside it: all that are of a session are built before the test.
    """
    images.use(Mode.RUN)
    yield images
    images.sweep()


@pytest.fixture
def network(engine, aconite_image):
    """A network with a container called `upstream`, whose port 8474 answers HTTP."""
    engine.docker("network", "create", "net")
    engine.docker("run", "--detach", "--name", "upstream", "--network", "net", aconite_image)
    return "net"
