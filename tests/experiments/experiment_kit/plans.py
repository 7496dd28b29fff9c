"""What a test has run, and how: @experiment(FILE, ...)."""

import dataclasses
import re
from pathlib import Path

import pytest

#: Lanes. What is in one does not disturb the others.
KAFKA, CDC, OTHERS = range(3)


@dataclasses.dataclass(frozen=True)
class Plan:
    """How an experiment is run for a test."""

    name: str
    file: str  #: in examples/experiments
    lane: int
    scale: float
    alone: bool  #: with a PostgreSQL of its own
    options: tuple
    variables: dict


def experiment(file, *options, lane, scale=1, alone=False, **variables):
    """The mark of a test: the experiment that it has in `example`."""
    name = re.sub(r"\W", "_", "_".join([Path(file).stem, *variables]))
    plan = Plan(name, file, lane, scale, alone, options, variables)
    return pytest.mark.parametrize("example", [pytest.param(plan, id=name)], indirect=True)
