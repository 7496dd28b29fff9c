"""A Docker Engine for experiments on containers, and the image that these are made of."""

import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "compat"), str(TESTS / "support"), str(TESTS / "experiments")]

from docker_kit.base_image import import_base  # noqa: E402
from docker_kit.engine import Engine, Mode  # noqa: E402
from docker_kit.folders import claim_folder  # noqa: E402
from experiment_kit.fixtures import *  # noqa: E402, F401, F403
from servers.fixtures import proxy_server  # noqa: E402, F401
from servers.reporting import progress, pytest_runtest_makereport  # noqa: E402, F401


@pytest.fixture(scope="session")
def images(progress):
    """The engine; it has debian:bookworm-slim."""
    engine = Engine(claim_folder())
    try:
        import_base(engine, progress)
        engine.sweep()
        yield engine
    finally:
        engine.stop()


@pytest.fixture
def engine(images):
    """The engine, ready to run containers in its own network; what a test leaves is removed."""
    images.use(Mode.RUN)
    yield images
    images.sweep()
