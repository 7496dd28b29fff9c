"""A headless Chromium, and what a person does with the page."""

import base64
import json
import tempfile

from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from servers.process import require
from servers.waiting import wait_until

# It runs as root in containers, and must ask nobody anything of its own accord.
SWITCHES = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-dev-shm-usage", "--window-size=1280,1400",
            # Names as they stand in a network of containers, and in one of an attacker's.
            "--host-resolver-rules=MAP toxiproxy 127.0.0.1, MAP rebound.example 127.0.0.1")


class Browser:
    """One Chromium with a profile of its own. `url` is where the page under test is."""

    def __init__(self, url):
        self.url = url
        self._profile = tempfile.TemporaryDirectory(prefix="aconite-web-",
                                                    ignore_cleanup_errors=True)
        options = webdriver.ChromeOptions()
        options.binary_location = require("chromium", "chromium")
        for switch in (*SWITCHES, f"--user-data-dir={self._profile.name}"):
            options.add_argument(switch)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        driver = require("chromedriver", "chromium-driver")
        self.driver = webdriver.Chrome(service=Service(driver), options=options)

    def close(self):
        self.driver.quit()
        self._profile.cleanup()

    def open(self, url=None):
        """Loads the page and waits until it has asked the server once."""
        self.driver.get(url or self.url)
        self.wait(lambda: self.text("#health").startswith("live"), "the page to be live")

    def command(self, name, **parameters):
        """A command of Chromium's DevTools."""
        return self.driver.execute_cdp_cmd(name, parameters)

    def wait(self, condition, what, seconds=20):
        """Until `condition` holds. An element that is not there yet, or no more, does not."""
        def held():
            try:
                return condition()
            except (NoSuchElementException, StaleElementReferenceException):
                return False
        return wait_until(held, what, seconds)

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector):
        return self.find(selector).text

    def script(self, text, *arguments):
        return self.driver.execute_script(text, *arguments)

    def button(self, name, within="body"):
        """The button that a screen reader calls `name`."""
        for each in self.all(f"{within} button"):
            if name in (each.get_attribute("aria-label"), each.text):
                return each
        raise NoSuchElementException(f"no button {name} in {within}")

    def press(self, name, within="body"):
        self.button(name, within).click()

    def fill(self, name, value):
        """Writes into the field `name` of the open dialog."""
        field = self.find(f"dialog [name={name}]")
        field.clear()
        field.send_keys(str(value))

    def unfold(self):
        """Opens every part of the open dialog that is folded away."""
        for each in self.all("dialog details:not([open]) > summary"):
            each.click()

    def dialog_closed(self):
        self.wait(lambda: not self.all("dialog"), "the dialog to close")

    def keys(self, *keys):
        """Presses keys, wherever the focus is."""
        ActionChains(self.driver).send_keys(*keys).perform()

    def tab_to(self, name, most=60):
        """Presses Tab until the focus is on what has this name."""
        for _ in range(most):
            self.keys(Keys.TAB)
            if name == self.script(
                    "const e = document.activeElement;"
                    "return e.getAttribute('aria-label') ?? e.name ?? e.textContent;") or \
                    name == self.script("return document.activeElement.textContent;"):
                return
        raise AssertionError(f"{most} times Tab did not lead to {name}")

    def errors(self):
        """What the console has complained of since the last call."""
        return [entry["message"] for entry in self.driver.get_log("browser")
                if entry["level"] in ("SEVERE", "WARNING")]

    def _traffic(self):
        """What DevTools told of requests since the last call, by the page or for it."""
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] in ("Network.requestWillBeSent", "Network.webSocketCreated"):
                yield message["params"]

    def requested(self):
        """Each URL that was asked for since the last call of this or sent()."""
        return [each.get("url") or each["request"]["url"] for each in self._traffic()]

    def sent(self):
        """Each body, decoded, that was sent since the last call of this or requested()."""
        return [json.loads(each["request"]["postData"]) for each in self._traffic()
                if "postData" in each.get("request", {})]

    def picture(self):
        """What can be seen of the page, as a PNG."""
        shot = self.command("Page.captureScreenshot", format="png")
        return base64.b64decode(shot["data"])
