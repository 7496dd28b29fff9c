"""Every command of the README, the quick starts and the guides works, and shows what they say."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(ROOT / "tests/support")]

from page import PageError, blocks_of  # noqa: E402
from servers.kafka_jars import kafka_jars  # noqa: E402
from servers.mongo_drivers import pymongo  # noqa: E402
from servers.mongo_server import mongo_jars  # noqa: E402
from servers.process import require  # noqa: E402

QUICK_STARTS = sorted((ROOT / "docs/quick-start").glob("*.md"))
GUIDES = [ROOT / "docs" / name for name in (
    "migrating-from-toxiproxy.md", "troubleshooting.md", "ci.md", "determinism.md",
    "experiments.md", "kafka.md", "redis.md", "mongodb.md",
    "any-protocol.md")]
PAGES = [ROOT / "README.md", *QUICK_STARTS, *GUIDES]
ALL_PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md")),
             *sorted((ROOT / "examples").glob("**/*.md"))]
#: What is there before a page begins, if it is not Redis.
SERVERS = {"postgresql.md": ["postgres"], "kafka.md": ["kafka"], "mongodb.md": ["mongodb"]}


LINK = re.compile(r"\]\(([^)#:]*)(?:#([^)]*))?\)")


def own_namespaces() -> list[str]:
    """A command in front of another: it has a network of its own, and all that it starts ends with
    it. As root, or where users may have namespaces. It needs no mounts of its own, which nobody has
    in a chroot."""
    prefix = [require("setpriv", "util-linux"), "--pdeathsig=KILL", "--",
              require("unshare", "util-linux"), "--net", "--pid", "--fork", "--kill-child"]
    if os.geteuid() != 0:
        prefix += ["--map-current-user", "--keep-caps"]
    return prefix


@pytest.fixture(scope="session")
def namespaces():
    """Skips, with the reason, where nobody may have them: in a container without privileges."""
    tried = subprocess.run([*own_namespaces(), "ip", "link", "set", "lo", "up"], check=False,
                           stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if tried.returncode != 0:
        pytest.skip(f"no network of one's own here: {tried.stderr.strip()}")


def run(page: Path, folder: Path, *servers: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [*own_namespaces(), sys.executable, HERE / "run_page.py", page, folder, *servers],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        timeout=300)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_page(page, tmp_path, namespaces):
    servers = SERVERS.get(page.name, ["redis"])
    if "kafka" in servers:
        kafka_jars(print)  # in there nothing can be fetched
    if "mongodb" in servers:
        mongo_jars(print)
        pymongo()
    done = run(page, tmp_path, *servers)
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("line ") > 0


def anchors_of(page: Path) -> set[str]:
    """The names that a page's headings have in links."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    for file, anchor in LINK.findall(page.read_text()):
        target = page.parent / file if file else page
        assert target.exists(), file
        assert not anchor or anchor in anchors_of(target), f"{file}#{anchor}"


def test_what_is_not_run_is_little():
    """Each block that is left out has a reason; they are few beside those that are run."""
    blocks = [block for page in PAGES for block in blocks_of(page) if block.language == "sh"]
    left_out = [block for block in blocks if block.not_run]
    print(*(f"not run: {block.not_run}" for block in left_out), sep="\n")
    assert len(left_out) * 3 < len(blocks)


WRONG = {
    "another output": "```sh\necho one\n```\n\n```text\ntwo\n```\n",
    "a command that fails": "```sh\nfalse\ntrue\n```\n",
    "a command that does not": "<!-- status: 1 -->\n```sh\ntrue\n```\n",
    "another status": "<!-- status: 1 -->\n```sh\n(exit 2)\n```\n",
    "the end of the shell": "```sh\nexit 0\n```\n",
    "no server": "```sh\naconite list\n```\n",
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_a_page_that_is_wrong_fails(text, tmp_path, namespaces):
    page = tmp_path / "page.md"
    page.write_text(text)
    done = run(page, tmp_path)
    assert done.returncode == 1 and "page.md, line " in done.stdout, done.stdout


def test_a_page_that_is_right_passes(tmp_path, namespaces):
    page = tmp_path / "page.md"
    page.write_text(
        "<!-- file: some.txt -->\n```yaml\nsome: text\n```\n\n"
        "```sh\ncat some.txt; here=1\ntest -t 1; seq 5; ls /nowhere || echo $here\n```\n\n"
        "```text\nsome: ...\n1\n...\n5\nls: ...\n1\n```\n\nThen:\n\n"
        "<!-- status: 3 -->\n```sh\necho $here; (exit 3)\n```\n```text\n1\n```\n"
        "<!-- not run: it would end the shell -->\n```sh\nexit 1\n```\n")
    done = run(page, tmp_path)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("text", ["```bash\nls\n```\n", "```sh\nls\n",
                                  "<!-- not run: -->\n```sh\nls\n```\n",
                                  "<!-- status: 1 -->\n\ntext\n\n```sh\nls\n```\n"])
def test_a_page_that_means_something_else_is_refused(text, tmp_path):
    page = tmp_path / "page.md"
    page.write_text(text)
    with pytest.raises(PageError):
        blocks_of(page)
