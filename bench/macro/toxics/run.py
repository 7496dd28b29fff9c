#!/usr/bin/env python3
"""Measures aconite's toxics, its control API and real loads beside other proxies."""

import argparse
import dataclasses
import pathlib
import signal
import sys

sys.path[0] = str(pathlib.Path(__file__).resolve().parents[1])  # modules are shared with run.py there

import cpu  # noqa: E402
import machine  # noqa: E402
import measure  # noqa: E402
import netns  # noqa: E402
import peers  # noqa: E402
import programs  # noqa: E402
import report  # noqa: E402
from toxics import goals, protocol_rows, real_rows  # noqa: E402
from toxics.subject import SERVERS  # noqa: E402
from toxics.workloads import METRICS, WORKLOADS, Workload  # noqa: E402
from servers.process import Process  # noqa: E402

PAGE = report.Page(
    "Toxics, the control API and real loads",
    "aconite and HAProxy have one thread that moves data, Toxiproxy takes what Go gives it.",
    METRICS,
    lambda results, metric: WORKLOADS[metric.workload].peers,
    goals,
)


def main() -> int:
    options = parse()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that servers are stopped then too
    measure.allow_descriptors()
    protocol_rows.add_peers()
    if options.before:
        add_before(options.before)
    workloads = [WORKLOADS[name] for name in options.rows]
    # Programs may be installed here, which needs the host's network: before netns.enter().
    found, missing = find(workloads)
    results = {
        "machine": machine.describe(),
        "setting": {"rounds": options.rounds, "seconds": options.seconds, **netns.enter()},
        "versions": {name: programs.version(peers.PEERS[name].program(),
                                            peers.PEERS[name].version_option) for name in found},
        "missing": missing,
        "samples": list(samples(workloads, missing, options)),
    }
    return PAGE.save(results, options.output, "toxics")


def parse() -> argparse.Namespace:
    def names(text: str) -> list[str]:
        chosen = text.split(",")
        if unknown := [name for name in chosen if name not in WORKLOADS]:
            raise argparse.ArgumentTypeError(f"{unknown[0]} is none of {', '.join(WORKLOADS)}")
        return chosen

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=3.0, help="for one load on one proxy")
    parser.add_argument("--rows", type=names, default=list(WORKLOADS), help=", ".join(WORKLOADS))
    parser.add_argument("--before", type=pathlib.Path, metavar="PROGRAM",
                        help="another build of aconite, measured beside this one")
    parser.add_argument("--output", type=pathlib.Path, default=programs.ROOT / "bench/results",
                        help="folder for results")
    return parser.parse_args()


def add_before(program: pathlib.Path) -> None:
    """One more peer, in all workloads: another build of aconite."""
    peers.add_before(program)
    SERVERS["before"] = (lambda: program, SERVERS["aconite"][1])
    for name, each in WORKLOADS.items():
        if each.peers in (protocol_rows.PEERS, protocol_rows.KAFKA_PEERS):
            continue  # what is set of a proxy there is part of the peer
        WORKLOADS[name] = dataclasses.replace(each, peers=(*each.peers, "before"))


def find(workloads: list[Workload]) -> tuple[list, dict]:
    """The proxies that take part and are here, and why the others are not."""
    found, missing = [], {}
    for name in {name: None for each in workloads for name in each.peers if name != peers.DIRECT}:
        try:
            peers.PEERS[name].program()
            found.append(name)
        except programs.Missing as why:
            missing[name] = str(why)
    if any(each.name.startswith("kafka") for each in workloads):
        real_rows.prepare()
    return found, missing


def samples(workloads: list[Workload], missing: dict, options):
    """All peers take turns in each load, and each round begins with another peer."""
    for number in range(1, options.rounds + 1):
        for workload in workloads:
            names = [name for name in workload.peers if name not in missing]
            first = (number - 1) % len(names)
            with workload.start() as server:
                for name in names[first:] + names[:first]:
                    sample = {"round": number, "workload": workload.name, "peer": name}
                    sample |= take(workload, name, server, options.seconds)
                    print(progress(sample, options.rounds), file=sys.stderr, flush=True)
                    yield sample


def take(workload: Workload, peer: str, server, seconds: float) -> dict:
    """Of up to measure.ATTEMPTS samples the least disturbed one."""
    best = None
    for _ in range(measure.ATTEMPTS):
        # A real server lives longer than the sample; all else has ended when the watch is read.
        watch = cpu.Watch(Process.running[-1].pid if Process.running else None)
        try:
            found = workload.take(peer, server, seconds)
        except Exception as error:  # whatever broke one sample must not end an hour's run
            return {"error": f"{type(error).__name__}: {error}"}
        share = round(watch.foreign_share(), 4)
        if best is None or share < best["foreign_share"]:
            best = {"load": found, "foreign_share": share}
        if share <= measure.FOREIGN_LIMIT:
            break
    return best


def progress(sample: dict, rounds: int) -> str:
    told = f"round {sample['round']}/{rounds}  {sample['workload']:<14}  {sample['peer']:<14}"
    if "error" in sample:
        return f"{told} FAILED: {sample['error']}"
    values = [f"{value:,.{metric.digits}f} {metric.unit}" for metric in METRICS
              if metric.workload == sample["workload"]
              and (value := metric.value(sample)) is not None]
    return f"{told} {'; '.join(values)}  (foreign {round(100 * sample['foreign_share'])} %)"


if __name__ == "__main__":
    sys.exit(main())
