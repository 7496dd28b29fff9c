"""Every example in docs/toxics.md and docs/toxics is taken by a running server.

check_docs_examples.py ACONITE: fails on a JSON that is not answered with 200 or has a member that
the server ignores, on a command that fails, and on a page whose curl and command differ.
"""

import json
import os
import re
import shlex
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from tree import ROOT, report

DEADLINE_SECONDS = 15
#: Toxics of a protocol have a proxy of that name, all others the one of the documentation.
PROTOCOLS = ("redis", "postgres", "kafka", "mongodb", "frame")
#: What is said of a protocol that is no name.
SPOKEN = {"frame": {"frame": "delimiter", "text": "\r\n"}}
PROXY = PROTOCOLS[0]
IN_TABLE = re.compile(r'`(\{"type".*?\})` \|')
CURL = re.compile(r"curl -d '(\{.*?\})'")
LISTENS = re.compile(r'"address":"([^"]+)"')
COMMAND = re.compile(r"^aconite (.*)$", re.MULTILINE)


class Server:
    """A server with proxies, called as in the documentation."""

    def __init__(self, aconite: str):
        self.aconite = aconite
        self.process = subprocess.Popen(
            [aconite, "serve", "-host", "127.0.0.1", "-port", "0"], stdout=subprocess.PIPE,
            text=True, env={**os.environ, "LOG_LEVEL": "info"})
        address = next(filter(None, map(LISTENS.search, self.process.stdout)), None)
        if address is None:
            raise RuntimeError(f"the server ended with {self.process.wait(DEADLINE_SECONDS)}")
        self.url = f"http://{address[1]}"
        for name in PROTOCOLS:
            self.send("POST", "/proxies", json.dumps(
                {"name": name, "listen": "127.0.0.1:0", "upstream": "127.0.0.1:9",
                 "protocol": SPOKEN.get(name, name)}))

    def send(self, method: str, path: str, body: str | None = None) -> tuple[int, str, str]:
        """Status, body, and what was ignored of the request."""
        request = urllib.request.Request(self.url + path, method=method,
                                         data=body.encode() if body else None)
        try:
            with urllib.request.urlopen(request, timeout=DEADLINE_SECONDS) as answer:
                return (answer.status, answer.read().decode(),
                        answer.headers.get("Aconite-Warning", ""))
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode(), ""

    def run(self, arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [self.aconite, *shlex.split(arguments)], capture_output=True, text=True, check=False,
            timeout=DEADLINE_SECONDS, env={**os.environ, "TOXIPROXY_URL": self.url})

    def take_toxics(self) -> list:
        """The proxy's toxics, which are then removed."""
        taken = []
        for proxy in PROTOCOLS:
            toxics = json.loads(self.send("GET", f"/proxies/{proxy}/toxics")[1])
            for toxic in toxics:
                self.send("DELETE", f"/proxies/{proxy}/toxics/{toxic['name']}")
            taken += toxics
        return taken


def problems_of(server: Server, page: Path) -> tuple[int, list[str]]:
    """How many examples there are in the page, and what is wrong with them."""
    text = (ROOT / page).read_text(encoding="utf-8")
    problems = []
    bodies = IN_TABLE.findall(text) + CURL.findall(text)
    by_curl: list = []
    for body in bodies:
        kind = json.loads(body)["type"]
        proxy = kind if kind in PROTOCOLS else PROXY
        status, answer, ignored = server.send("POST", f"/proxies/{proxy}/toxics", body)
        if status != 200 or ignored:
            problems.append(f"{page}: {body}: {status} {answer} {ignored}".strip())
        by_curl = server.take_toxics()
    commands = [line for line in COMMAND.findall(text) if line.startswith("toxic add")]
    for command in commands:
        done = server.run(command)
        if done.returncode != 0:
            problems.append(f"{page}: aconite {command}: {done.stdout}{done.stderr}".strip())
        elif (by_command := server.take_toxics()) != by_curl:
            problems.append(f"{page}: the command makes {by_command}, curl makes {by_curl}")
    return len(bodies) + len(commands), problems


def main() -> int:
    pages = [Path("docs/toxics.md"), *sorted(
        page.relative_to(ROOT) for page in (ROOT / "docs/toxics").glob("*.md"))]
    server = Server(sys.argv[1])
    try:
        found = [problems_of(server, page) for page in pages]
    finally:
        server.process.terminate()
        server.process.wait(DEADLINE_SECONDS)
    problems = [problem for _, some in found for problem in some]
    problems += [f"{page}: no example" for page, (count, _) in zip(pages, found) if count == 0]
    return report(problems, sum(count for count, _ in found), "examples tried")


if __name__ == "__main__":
    sys.exit(main())
