#!/usr/bin/env python3
"""Measures aconite's forwarding beside other proxies; see README.md in this folder."""

import argparse
import pathlib
import signal
import sys

import goals
import machine
import measure
import netns
import peers
import pictures
import programs
import report
import rows

RESULTS = programs.ROOT / "bench/results"
PAGE = report.Page(
    "Forwarding: aconite and other proxies",
    "Each proxy has one thread that moves data (Toxiproxy: Go's default too), but for the row of "
    "one processor, where it has as many as it takes by itself.",
    rows.METRICS,
    lambda results, metric: results["peers"],
    goals,
)


def main() -> int:
    options = parse()
    if options.before:
        peers.add_before(options.before)
        options.peers.append("before")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that proxies are stopped then too
    measure.adopt_orphans()
    measure.allow_descriptors()
    # Programs may be installed here, which needs the host's network: before netns.enter().
    found, missing = find(options.peers)
    try:
        programs.built(measure.LOAD)
    except programs.Missing as why:
        sys.exit(str(why))
    workloads = [rows.WORKLOADS[name] for name in options.rows]
    if options.pictures:
        workloads += [each for each in rows.PICTURE_WORKLOADS if each not in workloads]
    results = {
        "machine": machine.describe(),
        "setting": {"rounds": options.rounds, "seconds": options.seconds, **netns.enter()},
        "peers": list(found),
        "versions": {
            name: programs.version(peer.program(), peer.version_option)
            for name, peer in found.items()
            if peer
        },
        "missing": missing,
        "samples": list(samples(found, workloads, options)),
    }
    status = PAGE.save(results, options.output, "forwarding")
    for name, drawing in pictures.draw(results).items():
        (options.output / name).write_text(drawing)
    return status


def parse() -> argparse.Namespace:
    def names(known):
        def split(text: str) -> list[str]:
            chosen = text.split(",")
            if unknown := [name for name in chosen if name not in known]:
                raise argparse.ArgumentTypeError(f"{unknown[0]} is none of {', '.join(known)}")
            return chosen

        return split

    every_peer = [peers.DIRECT, *peers.PEERS]
    pictures_only = [workload.name for workload in rows.PICTURE_WORKLOADS]
    table = [name for name in rows.WORKLOADS if name not in pictures_only]
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=2.0, help="for one load on one proxy")
    parser.add_argument(
        "--peers", type=names(every_peer), default=every_peer, help=", ".join(every_peer)
    )
    parser.add_argument(
        "--before",
        type=pathlib.Path,
        metavar="PROGRAM",
        help="another build of aconite, measured beside this one",
    )
    parser.add_argument(
        "--rows", type=names(list(rows.WORKLOADS)), default=table, help=", ".join(rows.WORKLOADS)
    )
    parser.add_argument(
        "--pictures", action="store_true", help="also the loads that only the pictures need"
    )
    parser.add_argument("--output", type=pathlib.Path, default=RESULTS, help="folder for results")
    return parser.parse_args()


def find(chosen: list[str]) -> tuple[dict, dict]:
    """The chosen peers that are here (None is no proxy), and why the others are not."""
    found, missing = {}, {}
    for name in chosen:
        try:
            if name != peers.DIRECT:
                peers.PEERS[name].program()
            found[name] = peers.PEERS.get(name)
        except programs.Missing as why:
            missing[name] = str(why)
            print(f"without {name}: {why}", file=sys.stderr)
    return found, missing


def fits(peer: peers.Peer | None, workload: rows.Workload) -> bool:
    """Whether the peer, or no proxy, can have the load."""
    if peer is None:
        return workload.name != rows.IDLE
    return workload.nodes == 1 or not peer.one_route


def samples(found: dict, workloads: list, options):
    """All peers take turns in each load, and each round begins with another peer."""
    names = list(found)
    for number in range(1, options.rounds + 1):
        first = (number - 1) % len(names)
        for workload in workloads:
            for name in names[first:] + names[:first]:
                if not fits(found[name], workload):
                    continue
                sample = {"round": number, "workload": workload.name, "peer": name}
                try:
                    sample |= measure.take(found[name], workload, options.seconds)
                except measure.Failed as error:
                    sample["error"] = str(error)
                print(progress(sample, options.rounds), file=sys.stderr, flush=True)
                yield sample


def progress(sample: dict, rounds: int) -> str:
    told = f"round {sample['round']}/{rounds}  {sample['workload']:<12}  {sample['peer']:<15}"
    if "error" in sample:
        return f"{told} FAILED: {sample['error']}"
    values = [
        f"{value:,.{metric.digits}f} {metric.unit}"
        for metric in (*rows.METRICS, *rows.PICTURE_METRICS)
        if metric.workload == sample["workload"] and (value := metric.value(sample)) is not None
    ]
    foreign = f"foreign {round(100 * sample['foreign_share'])} %, taken {sample['attempts']} x"
    return f"{told} {'; '.join(values)}  ({foreign})"


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
