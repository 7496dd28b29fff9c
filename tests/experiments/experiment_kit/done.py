"""What became of an experiment, and what it has to come to."""

import dataclasses
from pathlib import Path

HELD, NOT_HELD = 0, 1
#: What the program ends with, by the verdict of a run.
STATUS = {"held": HELD, "not_held": NOT_HELD, "inconclusive": 2, "could_not_run": 3}


@dataclasses.dataclass
class Done:
    """What became of an experiment."""

    status: int
    output: str
    folder: Path
    report: dict

    @property
    def verdict(self):
        return self.report["verdict"]

    def checks(self, stage="validation"):
        """Whether each of them passed, by name."""
        return {each["name"]: each["state"] for each in self.report["checks"]
                if each["stage"] == stage}

    def failed(self):
        """The names of all checks that did not pass."""
        return {each["name"] for each in self.report["checks"] if each["state"] != "passed"}

    def last(self, probe):
        return self._probe(probe)["last"]

    def delta(self, probe):
        """By how much a number changed from the first look to the last."""
        found = self._probe(probe)
        return found["last"] - found["first"]

    def load(self, name=None, phase=None):
        """The summary of a load, of the first one without a name; of a phase or of all."""
        found = next(each for each in self.report["load"] if name in (None, each["name"]))
        if phase is None:
            return found["summary"]
        return next(each for each in found["phases"] if each["phase"] == phase)

    def _probe(self, name):
        return next(each for each in self.report["probes"] if each["name"] == name)


def held(done):
    """All that was expected was seen, and nothing makes it doubtful."""
    assert (done.status, done.verdict, done.failed()) == (HELD, "held", set()), done.output
    assert done.checks() and done.report["codes"] == []


def not_held(done, *names):
    """Nothing but what these checks say is wrong."""
    assert (done.status, done.verdict, done.failed()) == (NOT_HELD, "not_held", set(names)), \
        done.output
