"""As many data threads as the process may use processors."""

import os

import pytest


def data_threads(server):
    line = server.wait_logged("Data threads")
    return int(line["threads"]), line["processors"]


def test_one_processor_is_one_thread(start):
    one = {min(os.sched_getaffinity(0))}
    server = start(preexec=lambda: os.sched_setaffinity(0, one))
    threads, processors = data_threads(server)
    assert threads == 1
    assert processors.startswith("1 (of 1 allowed")


def test_what_is_asked_for_is_what_there_is(start):
    assert data_threads(start("-threads=3"))[0] == 3


@pytest.fixture
def half_a_processor():
    """A control group that grants half a processor, as a call that enters it."""
    for mount, files in (("/sys/fs/cgroup/cpu", {"cpu.cfs_period_us": "100000",
                                                 "cpu.cfs_quota_us": "50000"}),
                         ("/sys/fs/cgroup", {"cpu.max": "50000 100000"})):
        group = f"{mount}/aconite-test-{os.getpid()}"
        try:
            os.mkdir(group)
        except OSError:
            continue
        try:
            for name, value in files.items():
                with open(f"{group}/{name}", "w") as file:
                    file.write(value)
        except OSError:
            os.rmdir(group)
            continue

        def enter():
            with open(f"{group}/cgroup.procs", "w") as procs:
                procs.write(str(os.getpid()))

        yield enter
        # What was started in it has to be gone first.
        with open(f"{group}/cgroup.procs") as procs, \
                open(f"{mount}/cgroup.procs", "w", buffering=1) as outside:
            for pid in procs:
                outside.write(pid)
        os.rmdir(group)
        return
    pytest.skip("no control group that grants processor time can be made here")


def test_a_quota_counts_rounded_up(start, half_a_processor):
    threads, processors = data_threads(start(preexec=half_a_processor))
    assert threads == 1
    assert "quota 0.5)" in processors
