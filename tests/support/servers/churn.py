"""Changes a proxy's toxics all the time while a test moves data through it."""

import collections
import random
import threading
import time

from servers.toxics import HARMLESS


class Churn:
    """A context manager: a thread adds, updates or removes one harmless toxic every 50 ms.

    `counts` has the steps done, by kind; `slowest` the longest API call in seconds. Leaving the
    block ends the thread, takes the last toxics away and raises the first error that it met.
    """

    PERIOD_S = 0.05
    LIVE_MAX = 6

    def __init__(self, proxy, seed=1):
        self.counts = collections.Counter()
        self.slowest = 0.0
        self._proxy = proxy
        self._random = random.Random(seed)
        self._live = {}
        self._error = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="churn", daemon=True)

    @property
    def steps(self):
        """Steps done so far; raises what the thread met, so that a loop on it ends."""
        if self._error is not None:
            raise self._error
        return self.counts.total()

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, kind, *_):
        self._over.set()
        self._thread.join()
        if self._error is not None and kind is None:
            raise self._error

    def check(self):
        """Asserts that each kind of step was done and that no API call hung."""
        assert all(self.counts[kind] >= 5 for kind in ("add", "update", "remove")), self.counts
        assert self.slowest < 5

    def _run(self):
        try:
            while not self._over.wait(self.PERIOD_S):
                self._step()
            for name in list(self._live):
                self._remove(name)
        except Exception as error:  # handed to the test's own thread
            self._error = error

    def _step(self):
        choices = [self._update, self._remove] if self._live else []
        if len(self._live) < self.LIVE_MAX:
            choices += [self._add, self._add]
        action = self._random.choice(choices)
        if action == self._add:
            action(self._random.choice(HARMLESS), self._random.choice(("upstream", "downstream")))
        else:
            action(self._random.choice(list(self._live)))

    def _add(self, variants, stream):
        name = f"{variants.kind}_{self.counts.total()}"
        settings = self._random.choice(variants.settings)
        self._timed("add", self._proxy.add, variants.kind, stream, name, **settings)
        self._live[name] = variants

    def _update(self, name):
        self._timed("update", self._proxy.update, name,
                    **self._random.choice(self._live[name].settings))

    def _remove(self, name):
        self._timed("remove", self._proxy.remove, name)
        del self._live[name]

    def _timed(self, what, call, *arguments, **settings):
        start = time.monotonic()
        call(*arguments, **settings)
        self.slowest = max(self.slowest, time.monotonic() - start)
        self.counts[what] += 1
