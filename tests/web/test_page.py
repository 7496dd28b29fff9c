"""What the page shows of real traffic, and what can be done with it."""

import re

from selenium.webdriver.support.ui import Select

from traffic import BrokerServer, Pings, ask_for_brokers

CARD = "article.card"


def number_in(text, pattern):
    """The number that the pattern captures; None if it is not there."""
    found = re.search(pattern, text)
    return float(found[1]) if found else None


def create(page, name, upstream):
    page.press("New proxy")
    page.fill("name", name)
    page.fill("listen", "127.0.0.1:0")
    page.fill("upstream", upstream)
    page.press("Create", "dialog")
    page.dialog_closed()
    page.wait(lambda: page.text(f"{CARD} h3") == name, "the card of the new proxy")


def add_toxic(page, proxy, kind, **fields):
    page.press(f"Add toxic to {proxy}")
    Select(page.find("dialog [name=type]")).select_by_visible_text(kind)
    for name, value in fields.items():
        page.fill(name, value)
    page.press("Add", "dialog")
    page.dialog_closed()


def pings(api, name):
    port = api.json("GET", f"/proxies/{name}")["listen"].rsplit(":", 1)[1]
    return Pings("127.0.0.1", int(port))


def line(page, name):
    return page.find(f"{CARD} path.line.{name}").get_attribute("d")


def test_from_a_new_proxy_over_a_fault_to_the_reset(page, api, echo):
    create(page, "echo", echo.address)
    assert api.json("GET", "/proxies/echo")["upstream"] == echo.address
    with pings(api, "echo"):
        page.wait(lambda: number_in(page.text(CARD), r"to client ([\d.]+) kB/s"), "throughput")
        page.wait(lambda: "L" in line(page, "down")[1:], "a line in the chart")
        assert line(page, "delay") == ""
        page.wait(lambda: page.all("#connections tr"), "the connection")
        assert "echo" in page.text("#connections tr")

        add_toxic(page, "echo", "latency", latency=120, jitter=0)
        made = api.json("GET", "/proxies/echo/toxics")
        assert [(each["type"], each["attributes"]["latency"]) for each in made] == [("latency", 120)]
        delay = page.wait(
            lambda: number_in(page.text(CARD), r"added by toxics ([\d.]+) ms"), "the added delay")
        assert 119 <= delay <= 125
        page.wait(lambda: line(page, "delay") != "", "a line of the added delay")
        page.wait(lambda: page.all(f"{CARD} .events rect.hits"), "hits in the timeline")
        page.wait(lambda: page.all(f"{CARD} .events path.control"), "the change in the timeline")
        page.wait(lambda: "120 ms added" in page.text("#journal li.hit"), "a hit in the journal")
        page.wait(lambda: re.search(r"[1-9]\d* hits? on 1 connection", page.text(".toxics li")),
                  "the toxic's own hits")

        page.press("Reset all")
        page.press("Cancel", "dialog")
        page.dialog_closed()
        assert len(api.json("GET", "/proxies/echo/toxics")) == 1
        page.press("Reset all")
        page.press("Reset", "dialog")
        page.dialog_closed()
        assert api.json("GET", "/proxies/echo/toxics") == []
        page.wait(lambda: not page.all(".toxics li"), "the toxic to go")
        page.wait(lambda: number_in(page.text(CARD), r"to client ([\d.]+) kB/s"), "throughput")
        page.wait(lambda: "added by toxics –" in page.text(CARD), "the added delay to end")


def test_a_cut_and_a_mark_stand_in_the_timeline_and_the_journal(page, api, echo):
    create(page, "echo", echo.address)
    page.wait(lambda: line(page, "open") != "", "the first points")
    page.find("#mark-text").send_keys("the moment")
    page.press("Add mark")
    page.wait(lambda: page.all(f"{CARD} .events path.mark"), "the mark in the timeline")
    page.wait(lambda: "the moment" in page.text("#journal li.mark"), "the mark in the journal")
    add_toxic(page, "echo", "limit_data", bytes=3000)
    with pings(api, "echo"):
        page.wait(lambda: page.all("#journal li.close"), "the end of the connection")
    assert "ended by toxic" in page.text("#journal li.close")
    page.wait(lambda: page.all(f"{CARD} .events rect.hits, {CARD} .events path.cut"),
              "the fault in the timeline")
    Select(page.find("#journal-filter")).select_by_visible_text("changes and marks")
    kinds = {each.get_attribute("data-kind") for each in page.all("#journal li")}
    assert kinds == {"control", "mark"}


def test_a_toxic_that_goes_on_delaying_stands_in_the_timeline_too(page, api, echo):
    create(page, "echo", echo.address)
    add_toxic(page, "echo", "bandwidth", rate=5)
    with pings(api, "echo"):
        page.wait(lambda: len(page.all(f"{CARD} .events rect.delayed")) > 1, "delayed data")
        stats = api.json("GET", "/proxies/echo/stats")["toxics"][0]
    assert stats["hits"] < stats["delayed"]


def test_brokers_that_clients_were_told_of_are_shown(page, api):
    kafka = BrokerServer()
    proxy = api.json("POST", "/proxies", {"name": "kafka", "listen": "127.0.0.1:0",
                                          "upstream": kafka.address, "protocol": "kafka"})
    page.wait(lambda: "protocol kafka" in page.text(CARD), "the card of the proxy")
    assert not page.find(f"{CARD} .brokers").is_displayed()
    ask_for_brokers("127.0.0.1", int(proxy["listen"].rsplit(":", 1)[1]))
    shown = page.wait(lambda: [each.text for each in page.all(f"{CARD} .brokers li")],
                      "the brokers")
    seen = api.json("GET", "/proxies/kafka")["brokers"]["seen"]
    assert [each["id"] for each in seen] == [1, 2] and seen[0]["upstream"] == kafka.address
    assert shown == [f"broker {each['id']}: {each['listen']} → {each['upstream']}"
                     for each in seen]
    assert "around" not in page.text(CARD)

    api.json("POST", "/proxies/kafka", {"enabled": False})
    page.wait(lambda: "broker 2: not listened for" in page.text(f"{CARD} .brokers"),
              "the brokers' listeners to be closed")
    kafka.close()


def test_a_way_around_the_proxy_is_shown(page, api):
    kafka = BrokerServer()
    # There is no port for any broker but the proxy's own, which is taken.
    proxy = api.json("POST", "/proxies", {"name": "kafka", "listen": "127.0.0.1:0",
                                          "upstream": kafka.address, "protocol": "kafka"})
    port = int(proxy["listen"].rsplit(":", 1)[1])
    api.json("POST", "/proxies/kafka", {"brokers": {"ports": str(port)}})
    ask_for_brokers("127.0.0.1", port)
    page.wait(lambda: "2 ways around the proxy told" in page.text(f"{CARD} .counts"), "the counts")
    page.wait(lambda: any(f"around the proxy: {kafka.address}" in each.text
                          for each in page.all("#journal li.bypass")), "them in the journal")
    kafka.close()


def test_a_toxic_is_edited_and_removed(page, api, echo):
    create(page, "echo", echo.address)
    add_toxic(page, "echo", "latency", latency=50, name="slow", toxicity="0.5")
    page.wait(lambda: "toxicity 0.5" in page.text(".toxics li"), "the toxic")
    page.press("Edit slow of echo")
    assert page.find("dialog [name=latency]").get_attribute("value") == "50"
    page.fill("latency", 70)
    page.unfold()
    page.fill("client", "10.0.0.0/8")
    page.fill("times", 3)
    page.press("Save", "dialog")
    page.dialog_closed()
    toxic = api.json("GET", "/proxies/echo/toxics/slow")
    assert (toxic["attributes"]["latency"], toxic["toxicity"]) == (70, 0.5)
    assert (toxic["match"], toxic["trigger"]) == ({"client": "10.0.0.0/8"}, {"times": 3})
    page.wait(lambda: "latency 70" in page.text(".toxics li"), "the new value")
    page.press("Remove slow of echo")
    page.wait(lambda: not page.all(".toxics li"), "the toxic to go")
    assert api.json("GET", "/proxies/echo/toxics") == []


def test_every_type_has_a_form_that_adds_it(page, api, echo):
    create(page, "echo", echo.address)
    types = [each for each in api.json("GET", "/toxic-types")["toxics"] if "protocol" not in each]
    assert len(types) >= 15
    for each in types:
        page.press("Add toxic to echo")
        Select(page.find("dialog [name=type]")).select_by_visible_text(each["name"])
        for row in each["attributes"]:
            assert page.find(f"dialog [name={row['name']}]").is_displayed()
        page.press("Add", "dialog")
        page.dialog_closed()
        page.wait(lambda: f" {each['name']}, " in page.text(".toxics"), f"{each['name']} in the list")
    added = {toxic["type"] for toxic in api.json("GET", "/proxies/echo/toxics")}
    assert added == {each["name"] for each in types}


def test_a_toxic_of_a_protocol_is_offered_where_it_is_spoken(page, api, echo):
    api.json("POST", "/proxies", {"name": "db", "listen": "127.0.0.1:0", "upstream": echo.address,
                                  "protocol": "postgres"})
    page.wait(lambda: "protocol postgres" in page.text("main"), "the proxy")
    page.press("Add toxic to db")
    Select(page.find("dialog [name=type]")).select_by_visible_text("postgres")
    Select(page.find("dialog [name=preset]")).select_by_visible_text("lose_commit_ack")
    page.script("document.querySelectorAll('dialog details').forEach((each) => each.open = true)")
    page.fill("query", "^UPDATE a, b")
    page.press("Add", "dialog")
    page.dialog_closed()
    toxic = api.json("GET", "/proxies/db/toxics/postgres_both")
    assert toxic["attributes"] == {"preset": "lose_commit_ack"}
    assert toxic["match"] == {"query": "^UPDATE a, b"}


def test_what_the_server_refuses_is_said_in_the_dialog(page, api, echo):
    create(page, "echo", echo.address)
    page.press("New proxy")
    page.fill("name", "echo")
    page.fill("upstream", echo.address)
    page.press("Create", "dialog")
    page.wait(lambda: page.text("dialog [role=alert]") == "proxy already exists", "the fault")
    page.press("Cancel", "dialog")
    page.dialog_closed()
    page.errors()  # the browser itself notes the 409
    assert list(api.json("GET", "/proxies")) == ["echo"]


def test_a_field_that_is_folded_away_is_shown_when_it_is_wrong(page, api, echo):
    create(page, "echo", echo.address)
    page.press("Add toxic to echo")
    times = page.find("dialog [name=times]")
    page.script("arguments[0].value = ''", times)

    def can_be_seen():
        return page.script("return arguments[0].checkVisibility()", times)

    assert not can_be_seen()
    page.press("Add", "dialog")
    page.wait(can_be_seen, "the field")
    assert api.json("GET", "/proxies/echo/toxics") == []
    page.press("Cancel", "dialog")
    page.dialog_closed()


def test_a_proxy_is_switched_and_deleted(page, api, echo):
    create(page, "echo", echo.address)
    page.find(f"{CARD} [role=switch]").click()
    page.wait(lambda: not api.json("GET", "/proxies/echo")["enabled"], "the proxy to be disabled")
    page.wait(lambda: page.text("#notice") == "echo disabled", "the notice")
    page.find(f"{CARD} [role=switch]").click()
    page.wait(lambda: api.json("GET", "/proxies/echo")["enabled"], "the proxy to be enabled")
    page.press("Delete echo")
    page.press("Delete", "dialog")
    page.dialog_closed()
    assert api.json("GET", "/proxies") == {}
    page.wait(lambda: not page.all(CARD), "the card to go")


def test_it_shows_what_others_do(page, api, echo):
    api.create_proxy("b", echo.address)
    page.wait(lambda: page.text(f"{CARD} h3") == "b", "the card")
    api.create_proxy("a <b>&", echo.address)
    page.wait(lambda: [each.text for each in page.all(f"{CARD} h3")] == ["a <b>&", "b"], "both")
    api.text("DELETE", "/proxies/b")
    page.wait(lambda: [each.text for each in page.all(f"{CARD} h3")] == ["a <b>&"], "one to go")
