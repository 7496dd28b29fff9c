"""kcat at work for a while: a producer at a pace, a member of a group."""

import subprocess
import threading
import time

from servers.kcat import messages_of
from servers.process import require


class KcatLoad(threading.Thread):
    """Produces with kcat, at the pace of `seconds` for all."""

    def __init__(self, server, topic, messages, seconds):
        super().__init__(daemon=True)
        self._kcat = subprocess.Popen(
            [require("kcat", "kcat"), "-b", server, "-P", "-t", topic, "-K", ":", "-X", "acks=all",
             "-X", "enable.idempotence=true", "-d", "broker"],
            stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self._messages = messages
        self._pause = seconds / (len(messages) / 100)
        self.start()

    def run(self):
        for at in range(0, len(self._messages), 100):
            self._kcat.stdin.write("".join(f"{key}:{value}\n" for key, value
                                           in self._messages[at:at + 100]))
            self._kcat.stdin.flush()
            time.sleep(self._pause)
        self._kcat.stdin.close()
        self._kcat.stdin = None

    def finish(self):
        """Its status and what it wrote to stderr."""
        errors = []
        reader = threading.Thread(target=lambda: errors.append(self._kcat.stderr.read()))
        reader.start()
        self.join(60)
        status = self._kcat.wait(60)
        reader.join(10)
        return status, errors[0]


class KcatMember:
    """A member of a group that reads until it is stopped."""

    def __init__(self, server, topic, group):
        self._output = subprocess.Popen(
            [require("kcat", "kcat"), "-b", server, "-u", "-q", "-f", "%p\t%o\t%k\t%s\n",
             "-X", "auto.offset.reset=earliest", "-G", group, topic],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.messages = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self._output.stdout:
            self.messages += messages_of(line)

    def stop(self):
        self._output.terminate()
        self._output.wait(20)
