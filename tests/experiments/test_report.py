"""What a report is shown as, in the programs that people open it with."""

import json
import subprocess
import xml.etree.ElementTree
from pathlib import Path

import pytest

from servers.process import require

SAMPLE = Path(__file__).parent / "samples/lost-event.json"


@pytest.fixture(scope="module")
def browser(request):
    """A Chromium that shows files and complains of what is wrong with them."""
    selenium = pytest.importorskip("selenium.webdriver")
    from selenium.webdriver.chrome.service import Service
    options = selenium.ChromeOptions()
    options.binary_location = require("chromium", "chromium")
    for switch in ("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
                   "--disable-background-networking", "--disable-component-update",
                   "--disable-sync", "--disable-dev-shm-usage", "--window-size=1280,1600"):
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = selenium.Chrome(options=options,
                             service=Service(require("chromedriver", "chromium-driver")))
    request.addfinalizer(driver.quit)
    return driver


@pytest.fixture(scope="module")
def run(aconite):
    """Calls `aconite` with what follows; its standard output."""
    def call(*words):
        done = subprocess.run([aconite, *words], capture_output=True, text=True, check=False,
                              timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout
    return call


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """The sample with texts that would be markup if nobody took care."""
    text = "</script></td>\"'><script>document.title = 'broken'</script>&lt; | \x1b[31m \ufffe `x`"
    def spoiled(value):
        if isinstance(value, dict):
            return {name: spoiled(inner) if name not in ("verdict", "state", "started") else inner
                    for name, inner in value.items()}
        if isinstance(value, list):
            return [spoiled(inner) for inner in value]
        return text if isinstance(value, str) else value
    file = tmp_path_factory.mktemp("hostile") / "report.json"
    file.write_text(json.dumps(spoiled(json.loads(SAMPLE.read_text()))))
    return file


def shown(browser, run, report, tmp_path):
    """Opens a report; what the console said and what was asked for."""
    page = tmp_path / "report.html"
    run("report", report, "--format", "html", "--output", page)
    browser.get_log("performance")
    browser.get(page.as_uri())
    asked = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    urls = [each["params"]["request"]["url"] for each in asked
            if each["method"] == "Network.requestWillBeSent"]
    return browser.get_log("browser"), urls, page.as_uri()


def test_chromium_shows_a_report_and_asks_nobody(browser, run, tmp_path):
    complaints, urls, page = shown(browser, run, SAMPLE, tmp_path)
    assert complaints == [] and urls == [page]
    assert browser.title == "Lost event: DID NOT HOLD"
    find = browser.find_elements
    assert [each.text for each in find("css selector", "svg .phase + text")] == \
        ["baseline", "outage", "recovery"]
    checks = json.loads(SAMPLE.read_text())["checks"]
    rows = find("css selector", "table.results tbody tr")
    assert [row.find_elements("css selector", "td")[0].text for row in rows] == \
        [check["name"] for check in checks]
    # Nothing is drawn outside of the picture, nor wider than the page.
    assert browser.execute_script(
        "const s = document.querySelector('svg').getBoundingClientRect();"
        "return [...document.querySelectorAll('svg text, svg rect')].every(e => {"
        "  const b = e.getBoundingClientRect();"
        "  return b.left >= s.left - 1 && b.right <= s.right + 1 && b.bottom <= s.bottom + 1; })"
        " && document.documentElement.scrollWidth <= innerWidth;")


def test_the_pointer_shows_the_numbers_of_its_time(browser, run, tmp_path):
    from selenium.webdriver.common.action_chains import ActionChains
    shown(browser, run, SAMPLE, tmp_path)
    picture = browser.find_element("css selector", "#picture svg")
    ActionChains(browser).move_to_element(picture).perform()
    told = browser.find_element("css selector", "#pointed").text.splitlines()
    assert told[0].endswith(" s") and any(line.startswith("db.orders: ") for line in told), told


def test_no_text_of_a_report_becomes_markup(browser, run, hostile, tmp_path):
    complaints, urls, page = shown(browser, run, hostile, tmp_path)
    assert complaints == [] and urls == [page]
    assert browser.title != "broken"
    assert len(browser.find_elements("css selector", "script")) == 2
    assert "document.title = 'broken'" in browser.find_element("css selector", "h1").text


@pytest.mark.parametrize("verdict, counts", [
    ("not_held", {"tests": 5, "failures": 1, "errors": 0, "skipped": 0}),
    ("inconclusive", {"tests": 6, "failures": 0, "errors": 1, "skipped": 1}),
    ("could_not_run", {"tests": 6, "failures": 0, "errors": 1, "skipped": 1}),
])
def test_junit_says_what_the_verdict_says(run, tmp_path, verdict, counts):
    report = json.loads(SAMPLE.read_text())
    report |= {"verdict": verdict, "error": "no server",
               "codes": [{"code": "NO_TRAFFIC", "text": "no request"}]}
    (tmp_path / "report.json").write_text(json.dumps(report))
    suites = xml.etree.ElementTree.fromstring(run("report", tmp_path, "--format", "junit"))
    suite = suites.find("testsuite")
    assert {name: int(suite.get(name)) for name in counts} == counts
    for tag, name in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        assert len(suite.findall(f"testcase/{tag}")) == counts[name]
    if verdict == "inconclusive":
        assert suite.find("testcase/error").get("type") == "NO_TRAFFIC"


def test_hostile_texts_are_text_in_junit(run, hostile):
    suites = xml.etree.ElementTree.fromstring(run("report", hostile, "--format", "junit"))
    assert "<script>" in suites.find("testsuite").get("name")
