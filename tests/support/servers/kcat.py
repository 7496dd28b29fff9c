"""Producing and consuming with kcat."""

import os
import re
import selectors
import subprocess
import time

from servers.process import require


def _command(*words):
    return [require("kcat", "kcat"), *map(str, words)]


def _options(settings, debug):
    words = [word for setting in settings for word in ("-X", setting)]
    return words + (["-d", debug] if debug else [])


def produce(broker, topic, messages, settings=(), seconds=90, debug=None, partition=None):
    """Produces `messages` (bytes, no line breaks) in order; returns the finished process."""
    options = _options(settings, debug) + ([] if partition is None else ["-p", partition])
    return subprocess.run(
        _command("-b", broker, "-P", "-t", topic, "-X", "acks=all", *options),
        input=b"\n".join(messages) + b"\n", capture_output=True, timeout=seconds)


def consume(broker, topic, settings=(), seconds=90, debug=None):
    """Reads partition 0 of `topic` from its start to its end; returns the finished process."""
    options = _options(settings, debug)
    return subprocess.run(
        _command("-b", broker, "-C", "-t", topic, "-p", "0", "-o", "beginning", "-e", "-q",
                 *options),
        capture_output=True, timeout=seconds)


def metadata(broker, seconds=2):
    """Asks for metadata and gives up after `seconds`; returns the finished process.

    Its stderr has a line with FAIL for each connection that broke.
    """
    return subprocess.run(_command("-b", broker, "-L", "-m", seconds, "-d", "broker"),
                          capture_output=True, text=True, timeout=seconds + 30)


class Follower:
    """A consumer that stays connected, a context manager: reads a topic from its start."""

    def __init__(self, broker, topic):
        # -u: print each message when it comes.
        self._kcat = subprocess.Popen(
            _command("-b", broker, "-C", "-t", topic, "-p", "0", "-o", "beginning", "-u", "-q"),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._kcat.stdout, selectors.EVENT_READ)
        self._data = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._selector.close()
        self._kcat.kill()
        self._kcat.communicate()

    def quiet(self, seconds):
        """Watches for `seconds`; true when not one byte came and kcat did not end."""
        return not self._data and not self._selector.select(seconds)

    def take(self, count, seconds=30):
        """The next `count` messages."""
        deadline = time.monotonic() + seconds
        while self._data.count(b"\n") < count:
            if not self._selector.select(max(0, deadline - time.monotonic())):
                raise TimeoutError(f"{self._data.count(10)} of {count} messages in {seconds} s")
            data = os.read(self._kcat.stdout.fileno(), 1 << 16)
            if not data:
                raise EOFError("kcat ended: " + self._kcat.stderr.read().decode())
            self._data += data
        *messages, self._data = self._data.split(b"\n", count)
        return messages

    def errors(self):
        """Ends kcat and returns what it wrote to stderr."""
        self._kcat.terminate()
        return self._kcat.communicate()[1].decode()


class Producer:
    """A producer that the test does not wait for, a context manager."""

    def __init__(self, broker, topic):
        self._kcat = subprocess.Popen(
            _command("-b", broker, "-P", "-t", topic, "-X", "acks=all", "-q"),
            stdin=subprocess.PIPE, stderr=subprocess.PIPE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._kcat.kill()
        self._kcat.communicate()

    def send(self, messages):
        """Hands messages to kcat, the last ones it gets; it ends once they are acknowledged."""
        self._kcat.stdin.write(b"\n".join(messages) + b"\n")
        self._kcat.stdin.close()
        self._kcat.stdin = None

    def ended(self, seconds):
        """Watches for up to `seconds`; true when kcat ended."""
        try:
            self._kcat.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def finish(self, seconds=30):
        """Waits for the end; returns the status and what was written to stderr."""
        errors = self._kcat.communicate(timeout=seconds)[1].decode()
        return self._kcat.returncode, errors


def read_all(broker, topic, settings=(), seconds=60):
    """All of a topic, from its start to its end: (partition, offset, key, value) of each message,
    by partition and offset. What transactions did not commit is not there."""
    done = subprocess.run(
        _command("-b", broker, "-C", "-t", topic, "-o", "beginning", "-e", "-q",
                 "-f", "%p\t%o\t%k\t%s\n", *_options(settings, None)),
        capture_output=True, text=True, timeout=seconds)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return sorted(messages_of(done.stdout))


def messages_of(text):
    """Those of lines as read_all() has them from kcat."""
    for line in text.splitlines():
        partition, offset, key, value = line.split("\t")
        yield int(partition), int(offset), key, value


def connected_to(errors):
    """Every address, as host:port, that kcat began to connect to, by what it wrote to stderr with
    debug="broker"."""
    return set(re.findall(r"Connecting to ipv[46]#(\S+:\d+)", errors))
