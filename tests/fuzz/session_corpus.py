"""Sessions as hostile_session.hpp reads them, in tests/fuzz/corpus.

A file is one connection: a byte that chooses toxics, here none, and then again and again a byte
that says who speaks (its lowest two bits; 0 the client, 1 the server) and how much, at most 64
bytes of it (the others, less one), and these bytes.
"""

import platform
import shutil
from pathlib import Path

#: What the fuzzer takes: ./dev fuzz.
_BYTES_MAX = 8192
_PIECE_MAX = 64


def _script(said):
    made = bytearray(1)
    # Clients tell servers on what they run.
    kernel = platform.release().encode()
    for direction, data in said:
        data = data.replace(kernel, b"x" * len(kernel))
        for at in range(0, len(data), _PIECE_MAX):
            piece = data[at:at + _PIECE_MAX]
            made.append((len(piece) - 1) << 2 | direction)
            made += piece
    return bytes(made[:_BYTES_MAX])


class SessionCorpus:
    """The folder of a protocol, written anew."""

    def __init__(self, protocol):
        self._folder = Path(__file__).with_name("corpus") / protocol
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)

    def keep(self, name, sessions):
        """Writes what a Recorder has, a file for each connection."""
        for number, said in enumerate(sessions):
            (self._folder / f"{name}-{number}").write_bytes(_script(said))

    def tell(self):
        """Prints how much there is."""
        sizes = [each.stat().st_size for each in self._folder.iterdir()]
        print(f"{len(sizes)} sessions, {sum(sizes)} bytes")
