"""How the page behaves: by keyboard alone, on a phone, in the dark, and towards the world."""

import pytest
from selenium.webdriver.common.keys import Keys

from servers.proxy_server import ProxyServer
from traffic import Pings


@pytest.fixture
def busy(page, api, echo):
    """A proxy with a toxic and traffic, on the page."""
    proxy = api.create_proxy("a-proxy-with-a-name-that-is-longer-than-a-phone-is-wide", echo.address)
    proxy.add("latency", latency=20)
    with Pings(proxy.host, proxy.port):
        page.wait(lambda: page.all("#journal li.hit") and page.all("#connections tr"), "traffic")
        page.wait(lambda: page.all(".events rect.hits"), "hits")
        yield proxy


def test_by_keyboard_alone(page, api, echo):
    page.tab_to("New proxy")
    page.keys(Keys.ENTER)
    assert page.script("return document.activeElement.name") == "name"
    page.keys("echo", Keys.TAB, Keys.TAB, echo.address, Keys.ENTER)
    page.dialog_closed()
    page.wait(lambda: page.text("article h3") == "echo", "the card")
    # The focus is where it was before the dialog.
    assert page.script("return document.activeElement.id") == "new-proxy"

    page.tab_to("Add toxic to echo")
    page.keys(Keys.ENTER)
    page.tab_to("latency")
    page.keys("80")
    page.tab_to("How long, and by which seed")
    page.keys(Keys.ENTER)
    page.tab_to("schedule")
    page.keys("60000 update latency=90", Keys.ENTER, "90000 remove", Keys.TAB, "7", Keys.ENTER)
    page.dialog_closed()
    toxic = api.json("GET", "/proxies/echo/toxics")[0]
    assert toxic["attributes"]["latency"] == 80
    assert [step["at"] for step in toxic["schedule"]] == [60000, 90000]
    assert toxic["seed"] == 7
    page.wait(lambda: page.all(".toxics li"), "the toxic")

    page.tab_to("Reset all")
    page.keys(Keys.ENTER)
    page.keys(Keys.ESCAPE)
    page.dialog_closed()
    assert len(api.json("GET", "/proxies/echo/toxics")) == 1
    page.keys(Keys.ENTER)
    page.tab_to("Reset")
    page.keys(Keys.SPACE)
    page.dialog_closed()
    assert api.json("GET", "/proxies/echo/toxics") == []


def test_everything_that_can_be_used_has_a_name(page, busy):
    page.press(f"Add toxic to {busy.name}")
    page.unfold()
    nodes = page.command("Accessibility.getFullAXTree")["nodes"]
    roles = {"button", "textbox", "combobox", "checkbox", "switch", "spinbutton", "link", "image",
             "dialog", "region", "log"}
    named = {}
    for node in nodes:
        role = node.get("role", {}).get("value")
        if role in roles and not node.get("ignored"):
            named.setdefault(role, []).append(node.get("name", {}).get("value", ""))
    assert {"button", "combobox", "spinbutton", "textbox", "dialog"} <= named.keys()
    assert [role for role, names in named.items() if "" in names] == []
    page.keys(Keys.ESCAPE)
    page.dialog_closed()
    # Nothing pretends to be a button.
    assert page.script("return document.querySelectorAll("
                       "'[role=button], [onclick], a:not([href])').length") == 0


def test_a_poll_does_not_take_the_focus_away(page, busy):
    edit = page.button(f"Edit latency_downstream of {busy.name}")
    page.script("arguments[0].focus()", edit)
    before = page.text(".effect")
    page.wait(lambda: page.text(".effect") != before, "new numbers")
    assert page.script("return document.activeElement === arguments[0]", edit)


def test_a_phone_needs_no_sideways_scrolling(page, busy):
    page.command("Emulation.setDeviceMetricsOverride", width=360, height=740, deviceScaleFactor=2,
                 mobile=True)
    try:
        widths = "const root = document.documentElement; return [innerWidth, root.scrollWidth];"
        page.wait(lambda: page.script("return innerWidth") == 360, "the width of a phone")
        assert page.script(widths) == [360, 360]
        beyond = ("return [...document.querySelectorAll('main *, dialog *')].filter((e) => "
                  "e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('thead')"
                  ").map((e) => e.outerHTML.slice(0, 200));")
        assert page.script(beyond) == []
        page.press(f"Add toxic to {busy.name}")
        page.unfold()
        assert page.script(widths) == [360, 360]
        assert page.script(beyond) == []
        page.press("Cancel", "dialog")
        page.dialog_closed()
    finally:
        page.command("Emulation.clearDeviceMetricsOverride")


def contrast(page, selector):
    """Of the text of an element against the nearest background, by the formula of WCAG."""
    return page.script("""
        const light = (text) => {
          const [r, g, b] = text.match(/[\\d.]+/g).map((part) => {
            const share = part / 255;
            return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
          });
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const element = document.querySelector(arguments[0]);
        let back = element;
        while (getComputedStyle(back).backgroundColor === "rgba(0, 0, 0, 0)") back = back.parentElement;
        const pair = [light(getComputedStyle(element).color),
                      light(getComputedStyle(back).backgroundColor)].sort((a, b) => b - a);
        return (pair[0] + 0.05) / (pair[1] + 0.05);""", selector)


def test_light_and_dark_can_both_be_read(page, busy):
    texts = ("h1", "#health", ".addresses", ".value.up", ".value.down", ".value.dial",
             ".value.delay", ".scale", ".effect", "button.danger", "#journal time",
             "#journal .hit .kind", "#connections td", ".legend li", "dialog summary",
             "dialog textarea", "dialog small")
    page.press(f"Add toxic to {busy.name}")
    page.unfold()
    backs = {}
    for scheme in ("light", "dark"):
        page.command("Emulation.setEmulatedMedia",
                     features=[{"name": "prefers-color-scheme", "value": scheme}])
        ratios = {text: contrast(page, text) for text in texts}
        assert {text: ratio for text, ratio in ratios.items() if ratio < 4.5} == {}
        backs[scheme] = page.script("return getComputedStyle(document.body).backgroundColor")
    page.command("Emulation.setEmulatedMedia", features=[])
    page.press("Cancel", "dialog")
    page.dialog_closed()
    assert backs["light"] != backs["dark"]


def test_it_asks_nobody_but_its_own_server(page, busy):
    # Let every part of the page ask once more.
    before = page.text(".effect")
    page.wait(lambda: page.text(".effect") != before, "new numbers")
    urls = page.requested()
    own = {url for url in urls if url.startswith(page.url)}
    assert {page.url, f"{page.url}stats", f"{page.url}page/main.js"} <= own
    assert [url for url in urls if url not in own and url not in ("about:blank", "data:,")] == []


def test_it_rests_while_nobody_sees_it(page, busy):
    def hits(count):
        """Waits for so many more, of some 14 in a second."""
        now = busy.api.json("GET", f"/proxies/{busy.name}/stats")["hits"]
        return busy.api.json("GET", f"/wait?proxy={busy.name}&hits>={now + count}&timeout=15s")

    def hide(hidden):
        page.script("Object.defineProperty(document, 'hidden', {value: arguments[0],"
                    "configurable: true}); document.dispatchEvent(new Event('visibilitychange'));",
                    hidden)

    hide(True)
    hits(10)  # by then what was on its way has been asked
    page.requested()
    hits(40)
    assert page.requested() == []
    hide(False)
    page.wait(lambda: f"{page.url}stats" in page.requested(), "the page to wake up")


def test_it_finds_a_server_again_that_was_gone(chromium, tmp_path):
    (tmp_path / "first").mkdir()
    first = ProxyServer(tmp_path / "first")
    chromium.url = f"http://localhost:{first.port}/"
    chromium.open()
    first.stop()
    chromium.wait(lambda: chromium.all("#health.failed"), "the page to notice")
    second = ProxyServer(tmp_path, port=first.port)
    try:
        second.api.create_proxy("again", "127.0.0.1:1")
        chromium.wait(lambda: chromium.text("article h3") == "again", "the page to come back")
        chromium.wait(lambda: chromium.all("#journal li.control"), "the journal to come back")
    finally:
        chromium.driver.get("about:blank")
        second.stop()
