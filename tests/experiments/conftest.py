"""Real servers, the proxy and the program that runs experiments."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
TESTS = HERE.parent
sys.path[:0] = [str(TESTS / "compat"), str(TESTS / "support"), str(HERE)]

from experiment_kit.fixtures import *  # noqa: E402, F401, F403
from servers.fixtures import proxy_server, redis_server  # noqa: E402, F401
from servers.reporting import progress, pytest_runtest_makereport  # noqa: E402, F401
