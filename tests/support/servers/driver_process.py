"""A client of a server in a process of its own, that a test leads.

Each line in is a call, each line out its answer, both JSON: {"call": "send", ...} is answered by
{"results": [...]}, or by {"error": name, "text": ...}.
"""

import json
import subprocess
import threading

from servers.process import ServerError


class DriverError(RuntimeError):
    """What a call failed with: `kind` is the server's or the client's name for it, `answer` all
    that is known of it."""

    def __init__(self, answer):
        super().__init__(f"{answer['error']}: {answer['text']}")
        self.kind = answer["error"]
        self.answer = answer


class DriverProcess:
    """A context manager."""

    DEADLINE_S = 30

    def __init__(self, command):
        self._process = subprocess.Popen([str(each) for each in command], stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.communicate()

    @property
    def pid(self):
        return self._process.pid

    def call(self, call, **more):
        """The answer; DriverError if the client says so."""
        self._process.stdin.write(json.dumps({"call": call, **more}) + "\n")
        self._process.stdin.flush()
        deadline = threading.Timer(self.DEADLINE_S + more.get("seconds", 0), self._process.kill)
        deadline.start()
        line = self._process.stdout.readline()
        deadline.cancel()
        if not line:
            raise ServerError(f"the driver ended, or gave no answer to {call}")
        answer = json.loads(line)
        if "error" in answer:
            raise DriverError(answer)
        return answer
