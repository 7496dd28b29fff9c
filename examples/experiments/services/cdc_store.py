"""Where the CDC pipeline ends: a store of documents that stands in for MongoDB.

`cdc_store.py PORT JOURNAL`. What was answered with 200 is on disk, in the file JOURNAL: killed and
started again it has all of it. POST /apply takes changes, in order, and leaves out those that a
document has seen already, as an upsert with {"change": {"$lt": ...}} in its filter does.
"""

import json
import os
import sys
import threading

from web import serve


class Store:
    """Documents by key, and the ids of all changes in the order in which they were applied."""

    def __init__(self, journal):
        self._lock = threading.Lock()
        self._documents = {}
        self._applied = []
        whole = 0
        if os.path.exists(journal):
            with open(journal, "rb") as lines:
                for line in lines:
                    if not line.endswith(b"\n"):
                        break  # it died while it wrote this, and nobody was told of it
                    whole += len(line)
                    for change in json.loads(line):
                        self._keep(change)
        self._journal = open(journal, "ab")
        self._journal.truncate(whole)

    def _keep(self, change):
        self._documents[change["key"]] = (change["change"], change["document"])
        self._applied.append(change["change"])

    def apply(self, changes):
        with self._lock:
            new = []
            seen = {}
            for each in changes:
                last = seen.get(each["key"], self._documents.get(each["key"], (0,))[0])
                if each["change"] > last:
                    new.append(each)
                    seen[each["key"]] = each["change"]
            if new:
                self._journal.write(json.dumps(new).encode() + b"\n")
                self._journal.flush()
                os.fsync(self._journal.fileno())
                for each in new:
                    self._keep(each)
            return 200, {"applied": len(new)}

    def count(self, _):
        with self._lock:
            return 200, {"documents": len(self._documents)}

    def applied(self, _):
        with self._lock:
            return 200, {"changes": self._applied[:]}

    def keys(self, _):
        with self._lock:
            return 200, {"keys": list(self._documents)}


def main(port, journal):
    store = Store(journal)
    serve(port, {("POST", "/apply"): store.apply, ("GET", "/count"): store.count,
                 ("GET", "/applied"): store.applied, ("GET", "/keys"): store.keys,
                 ("GET", "/health"): lambda _: (200, {"status": "up"})})


if __name__ == "__main__":
    main(*sys.argv[1:])
