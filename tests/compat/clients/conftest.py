"""Fixtures of the tests of the command line under its own name, aconite."""

import contextlib
import os
import signal
import subprocess

import pytest


@pytest.fixture
def start_cli_of(program_folder, closing):
    """Starts the program, for the server on a port: start_cli_of(port)(*arguments)."""

    class Run(subprocess.Popen):
        def close(self):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)  # what it started has its pipes too
            self.communicate()

    def start_for(port):
        environment = {**os.environ, "TOXIPROXY_URL": f"http://127.0.0.1:{port}"}
        environment.pop("ACONITE_LEASE", None)

        def start_one(*arguments):
            return closing(
                Run(
                    [program_folder / "aconite", *arguments],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                    env=environment,
                    start_new_session=True,
                    # A background job's SIGINT is ignored, by all that it starts.
                    preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
                )
            )

        return start_one

    return start_for


@pytest.fixture
def cli_of(start_cli_of):
    """Runs it: cli_of(port)(*arguments) returns its status, output and errors."""

    def cli_for(port):
        def run(*arguments):
            process = start_cli_of(port)(*arguments)
            out, err = process.communicate(timeout=30)
            return process.returncode, out, err

        return run

    return cli_for


@pytest.fixture
def start_cli(start_cli_of, server):
    """Starts the program with pipes: start_cli(*arguments)."""
    return start_cli_of(server.port)


@pytest.fixture
def cli(cli_of, server):
    """Runs the program: cli(*arguments) returns its status, output and errors."""
    return cli_of(server.port)
