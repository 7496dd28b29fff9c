"""Measures where aconite differs from Toxiproxy and prints the numbers as a Markdown table.

    python3 tests/compat/differences.py

Every row runs the same code against both servers, within two minutes for all. Progress goes to
standard error. Without the reference it measures aconite alone.
"""

import pathlib
import signal
import sys
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from compat_kit import binaries  # noqa: E402
from differences import control, speed, wire  # noqa: E402
from differences.bed import Bed  # noqa: E402

ROWS = [
    (
        "time of `GET /proxies` while `latency` is removed from a receiver that does not read",
        control.listing_beside_a_stalled_receiver,
    ),
    (
        "first byte of a second client when the first one's dial to the upstream got lost",
        control.second_client_after_a_lost_dial,
    ),
    (
        "bytes missing after `latency` was removed under back-pressure",
        wire.bytes_missing_after_a_removal,
    ),
    ("bytes of a reply that arrive after a half-close", wire.reply_after_a_half_close),
    ("an RST of the upstream reaches the client as", wire.end_after_a_reset),
    (
        "decisions of `toxicity` 0.5 that a second run with the same `-seed` repeats",
        wire.decisions_repeated_by_a_seed,
    ),
    (
        "first round trip with `latency` 100 in the config file",
        wire.round_trip_with_a_configured_toxic,
    ),
    (
        "bytes in `/metrics` of an open connection that carried 1,000,000",
        control.counted_while_open,
    ),
    (
        "which kill the process: `rate` -1, `average_size` 0, `size_variation` over "
        "`average_size`, `jitter` over 2^62",
        control.inputs_that_kill,
    ),
    (
        "clients served after descriptors ran out and were free again",
        control.served_after_descriptors_ran_out,
    ),
    ("`timeout` 500 with a chunk every 200 ms closes after", wire.end_of_a_timeout_with_traffic),
    ("round trip beyond `latency` 50: median / 99 %", speed.error_of_the_round_trip),
    (
        "delay of 4,000 messages a second through `latency` 1000: median / 99 %",
        speed.delay_of_dense_messages,
    ),
    ("bulk stream through `latency` 100 / 500", speed.bulk_rates),
]
RUN_SECONDS = 110
CELL_SECONDS = 20


class TooLong(Exception):
    """A measurement went beyond its time."""


def give_up(*_):
    raise TooLong


def programs() -> dict:
    """The server programs by column title. Says so when there is no reference."""
    folders = {"aconite": binaries.aconite_folder()}
    try:
        reference = {f"Toxiproxy {binaries.REFERENCE_VERSION}": binaries.reference_folder()}
        folders = reference | folders
    except binaries.Unavailable as reason:
        print(f"no reference, measuring aconite alone: {reason}", file=sys.stderr)
    return {title: folder / "toxiproxy-server" for title, folder in folders.items()}


def measure(function, program, seconds) -> str:
    """One table cell. Raises TooLong after that many seconds."""
    with Bed(program) as bed:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            return function(bed)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)


def main() -> int:
    signal.signal(signal.SIGALRM, give_up)
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda number, _: sys.exit(128 + number))
    columns = programs()
    if not columns["aconite"].exists():
        sys.exit(f"build aconite first: no {columns['aconite']}")
    table = [["what", *columns], ["---"] * (1 + len(columns))]
    failures = 0
    end = time.monotonic() + RUN_SECONDS
    for number, (what, function) in enumerate(ROWS, 1):
        print(f"{number}/{len(ROWS)} {what}", file=sys.stderr)
        table.append([what])
        for title, program in columns.items():
            left = max(0.001, min(CELL_SECONDS, end - time.monotonic()))
            try:
                table[-1].append(measure(function, program, left))
            except Exception as error:
                print(f"{title}: {error!r}", file=sys.stderr)
                table[-1].append("not measured")
                failures += 1
    for row in table:
        print(f"| {' | '.join(row)} |")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
