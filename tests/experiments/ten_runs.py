"""Runs each experiment of the tests ten times, and tells how far the runs agree.

    python3 tests/experiments/ten_runs.py [--times N] [NAME...]

Each run has to do what its test asserts; what differs is printed as a table. What was printed of
all runs is in build/results/ten-runs.
"""

import argparse
import sys
import tempfile
import traceback
from concurrent.futures import as_completed
from pathlib import Path

import conftest  # noqa: F401  paths of the modules below
import test_examples
import test_examples_cdc
from compat_kit.installs import prepared
from experiment_kit import example_fixtures
from experiment_kit.done import STATUS
from experiment_kit.lanes import SECONDS, Lanes
from servers.postgres_server import PostgresServer
from servers.proxy_server import ROOT, binary
from servers.redis_server import RedisServer

RESULTS = ROOT / "build/results/ten-runs"


def plans():
    """Each experiment with the function that asserts what it comes to."""
    for module in (test_examples, test_examples_cdc):
        for function in vars(module).values():
            for mark in getattr(function, "pytestmark", []):
                yield mark.args[1][0].values[0], function


def spread(values, unit=""):
    seen = sorted(value for value in values if value is not None)
    if not seen:
        return ""
    least, most = f"{seen[0]:.4g}", f"{seen[-1]:.4g}"
    return least + unit if least == most else f"{least} to {most}{unit}"


def recoveries(report):
    return [each["first_success_s"] for each in report["recovery"]]


def row(plan, runs, faults):
    """A line of the table: verdicts, and the least and most of what a run is about."""
    verdicts = [each.verdict for each in runs]
    loads = [[load["summary"] for load in each.report["load"]] for each in runs]
    words = ", ".join(f"{verdicts.count(each)} {each}" for each in dict.fromkeys(verdicts))
    return " | ".join((
        f"| {plan.name}", words, f"{len(runs) - len(faults)} of {len(runs)}",
        spread([sum(load["errors"] for load in each) for each in loads]),
        spread([load["p50_ms"] for each in loads for load in each[:1]], " ms"),
        spread([load["p99_ms"] for each in loads for load in each[:1]], " ms"),
        spread([each for run in runs for each in recoveries(run.report)], " s") + " |"))


def faults_of(function, runs):
    """What the test has to say against each of them."""
    found = []
    for each in runs:
        each.status = STATUS[each.verdict]
        try:
            function(each)
        except AssertionError:
            found.append(traceback.format_exc())
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("names", nargs="*")
    asked = parser.parse_args()
    RESULTS.mkdir(parents=True, exist_ok=True)
    client = prepared("experiments-client", Path(example_fixtures.__file__),
                      make=example_fixtures.fetch_client)
    folder = Path(tempfile.mkdtemp(prefix="aconite-ten-runs-"))

    def make_folder(name):
        (folder / name).mkdir()
        return folder / name

    postgres, redis = PostgresServer(), RedisServer()
    lanes = Lanes(binary().absolute(), make_folder, postgres, redis, client)
    differing = 0
    print("| experiment | verdict | as its test says | errors | p50 | p99 | recovery |\n"
          "| --- | --- | --- | --- | --- | --- | --- |", flush=True)
    try:
        begun = {lanes.repeat(plan, asked.times, asked.times * SECONDS): (plan, function)
                 for plan, function in plans() if not asked.names or plan.name in asked.names}
        for each in as_completed(begun):
            plan, function = begun[each]
            runs = each.result()
            faults = faults_of(function, runs)
            differing += bool(faults)
            (RESULTS / f"{plan.name}.txt").write_text("\n".join([runs[0].output, *faults]))
            print(row(plan, runs, faults), flush=True)
    finally:
        lanes.stop()
        redis.stop()
        postgres.stop()
    return min(differing, 1)


if __name__ == "__main__":
    sys.exit(main())
