"""Runs the parts of the whole check, two lanes at once.

verify.py [--proved] [--go-on] [PART...]: with `--proved`, parts that passed with the same files are
left out, each with a line that says so. The first part that fails ends it all or, with `--go-on`, the
others run all the same. Of named parts only these run. Prints a table of the parts' times.
"""

import argparse
import contextlib
import datetime
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from parts import PARTS, Part
from passed import ROOT, day_of, hash_of, note

#: What the parts beside the others wait for.
RELEASE = "release build"
LOGS = ROOT / "build/verify"
RESULTS = ROOT / "build/results"


class Failed(Exception):
    """A part failed; the text says which, and how."""


def log_of(part: Part):
    return LOGS / f"{part.name.replace(' ', '-').replace(',', '')}.log"


def step_back(pid):
    """Where the kernel shares the processors out by session first, this one takes what is left:
    sched(7), autogroup."""
    with contextlib.suppress(OSError):
        Path(f"/proc/{pid}/autogroup").write_text("19")


class Lane:
    """The parts that run beside the others, one after the other, with idle processors only."""

    def __init__(self, parts, check):
        self._parts = parts
        self._check = check
        self._go_on = check.go_on
        self._over = {part.name: threading.Event() for part in parts}
        self._failures = {}
        #: Held while a part is started, so that stop() meets it either not begun or to be ended.
        self._starting = threading.Lock()
        self._process = None
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="beside the others", daemon=True)

    def start(self):
        self._thread.start()

    def wait_for(self, name):
        """Until that part has passed, if it runs; raises Failed if it, or one before it, did not."""
        if name not in self._over:
            return
        if not self._over[name].is_set():
            print(f"#### waiting for: {name}", flush=True)
            self._over[name].wait()
        if name in self._failures:
            raise Failed(self._failures[name])
        self.check()

    def check(self):
        """Raises Failed if one did not pass and that ends it all."""
        if self._failures and not self._go_on:
            raise Failed(next(iter(self._failures.values())))

    def stop(self):
        with self._starting:
            self._stopped = True
            process = self._process
        if process is not None and process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)

    def _run(self):
        idle = ["chrt", "--idle", "0"] if shutil.which("chrt") else ["nice", "-n", "19"]
        for part in self._parts:
            try:
                if self._go_on or not self._failures:
                    self._one(part, [*idle, *part.command])
            except Exception as fault:  # whatever it is: somebody waits for this part
                self._failures[part.name] = f"{part.name}: {fault!r}"
            finally:
                self._over[part.name].set()

    def _one(self, part, command):
        with self._starting:
            if self._stopped or self._check.leaves_out(part):
                return
            began = time.monotonic()
            hashed = self._check.hash_of(part)
            with open(log_of(part), "w") as log:
                self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL,
                                                 stdout=log, stderr=log, start_new_session=True)
        step_back(self._process.pid)
        status = self._process.wait()
        if status == 0:
            self._check.passed(part, began, hashed)
            return
        text = log_of(part).read_text(errors="replace")
        self._failures[part.name] = (f"{part.name} (status {status}); the end of its output:\n"
                                     f"{text[-20_000:]}")


class Check:
    """One run of all parts."""

    def __init__(self, parts, leave_out, go_on=False):
        self._parts = parts
        self._leave_out = leave_out
        self.go_on = go_on
        self._lock = threading.Lock()
        self.failed = False
        self._began = time.monotonic()
        self._rows = []
        self._today = datetime.date.today()

    def run(self):
        beside = [part for part in self._parts if part.beside]
        lane = Lane(beside, self)
        if all(part.name != RELEASE for part in self._parts):
            lane.start()
        try:
            for part in (part for part in self._parts if not part.beside):
                self._try(lambda: self._behind(lane, part))
                if part.name == RELEASE:
                    lane.start()
            for part in beside:
                self._try(lambda: lane.wait_for(part.name))
        finally:
            lane.stop()

    def _try(self, step):
        try:
            step()
        except Failed as failure:
            if not self.go_on:
                raise
            print(f"\nFAILED: {failure}", flush=True)
            self.failed = True

    def _behind(self, lane, part):
        for name in part.needs:
            lane.wait_for(name)
        lane.check()
        self._foreground(part)

    def leaves_out(self, part):
        """Whether it is proved already; says so."""
        day = day_of(part, self._today) if self._leave_out else None
        if day:
            print(f"\n#### {part.name}: left out, passed on {day} with the same files "
                  f"({hash_of(part)[:12]})", flush=True)
            self._rows.append((part.name, "left out", f"as on {day}"))
        return bool(day)

    @staticmethod
    def hash_of(part):
        return hash_of(part) if part.covers else None

    def _foreground(self, part):
        if self.leaves_out(part):
            return
        hashed = self.hash_of(part)
        print(f"\n#### {part.name}", flush=True)
        began = time.monotonic()
        status = subprocess.run(part.command, cwd=ROOT, stdin=subprocess.DEVNULL).returncode
        if status != 0:
            raise Failed(f"{part.name} (status {status})")
        self.passed(part, began, hashed)

    def passed(self, part, began, hashed):
        """`hashed` is what it covered when it began."""
        # Files that changed meanwhile are not what passed.
        if hashed and hashed == hash_of(part):
            with self._lock:
                note(part, hashed, self._today)
        seconds = time.monotonic() - began
        self._rows.append((part.name, f"{seconds:.0f} s", "beside the others" if part.beside else ""))
        print(f"#### {part.name}: ok, {seconds:.0f} s", flush=True)

    def table(self):
        rows = [("part", "time", ""), *self._rows,
                ("all", f"{time.monotonic() - self._began:.0f} s", "")]
        return "\n".join(f"| {name:<24} | {took:>8} | {how:<18} |" for name, took, how in rows)


def named(names):
    """The parts with these names, in their order; all of them without names."""
    known = [part.name for part in PARTS]
    if unknown := [name for name in names if name not in known]:
        sys.exit(f"verify: no such part: {unknown[0]}; there are: {', '.join(known)}")
    return [part for part in PARTS if not names or part.name in names]


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--proved", action="store_true")
    asked.add_argument("--go-on", action="store_true")
    asked.add_argument("parts", nargs="*", metavar="PART")
    options = asked.parse_args()
    parts = named(options.parts)
    LOGS.parent.mkdir(exist_ok=True)
    alone = open(LOGS.parent / "verify.lock", "w")
    try:
        fcntl.flock(alone, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit("verify: another one runs here, whose logs and results this one would delete")
    for folder in (LOGS, RESULTS):
        shutil.rmtree(folder, ignore_errors=True)
    LOGS.mkdir(parents=True)
    check = Check(parts, options.proved, options.go_on)
    status = 0
    try:
        check.run()
        status = 1 if check.failed else 0
    except Failed as failure:
        print(f"\nFAILED in: {failure}")
        status = 1
    print(f"\n{check.table()}", flush=True)
    if status == 0:
        files = sorted(RESULTS.glob("*.xml"))
        status = subprocess.run([sys.executable, "tests/toolchain/sum_results.py", *files],
                                cwd=ROOT).returncode
    return status


if __name__ == "__main__":
    sys.exit(main())
