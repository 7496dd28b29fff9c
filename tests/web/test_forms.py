"""What the forms send: all that was filled in, and nothing else."""

import json

import pytest
from selenium.webdriver.support.ui import Select

from servers.rest import RestError

REFERENCE = {"name", "type", "stream", "toxicity", "attributes"}
OWN = {"match", "trigger", "ttl", "schedule", "seed", "lease"}
HOUR = 3_600_000

SCHEDULE_TEXT = f"""{HOUR} add
{HOUR + 1} update latency=0 toxicity=0.5 distribution=normal table={{"p50":3}}
{HOUR + 1} update

  {HOUR + 2}   remove"""
SCHEDULE = [
    {"at": HOUR, "add": True},
    {"at": HOUR + 1, "update": {"toxicity": 0.5, "attributes": {
        "latency": 0, "distribution": "normal", "table": {"p50": 3}}}},
    {"at": HOUR + 1, "update": {}},
    {"at": HOUR + 2, "remove": True},
]


@pytest.fixture
def echo_proxy(page, api, echo):
    """A proxy `echo` that the page shows."""
    proxy = api.create_proxy("echo", echo.address)
    page.wait(lambda: page.text("article h3") == "echo", "the card")
    page.sent()
    return proxy


@pytest.fixture
def lease(api):
    return api.json("POST", "/leases", {"ttl": HOUR})["id"]


def open_new(page):
    page.press("Add toxic to echo")
    Select(page.find("dialog [name=type]")).select_by_visible_text("latency")
    page.unfold()


def open_edit(page, toxic):
    page.wait(lambda: page.all(".toxics li"), "the toxic")
    page.press(f"Edit {toxic} of echo")
    page.unfold()


def send(page, button):
    page.press(button, "dialog")
    page.dialog_closed()


def fault(page):
    """What the dialog says that is wrong, once it does."""
    return page.wait(lambda: page.text("dialog [role=alert]"), "the fault")


def test_a_plain_toxic_is_sent_with_nothing_that_was_not_filled_in(page, api, echo_proxy):
    open_new(page)
    send(page, "Add")
    assert page.sent() == [{"type": "latency", "stream": "downstream"}]
    assert api.json("GET", "/proxies/echo/toxics")[0].keys() == REFERENCE
    page.wait(lambda: page.all(".toxics li"), "the toxic")
    assert page.text(".settings") == "latency 0, jitter 0"


@pytest.mark.parametrize("field, text, member, value, told", [
    ("ttl", HOUR, "ttl", HOUR, "ttl 3600.0 s"),
    ("schedule", SCHEDULE_TEXT, "schedule", SCHEDULE, "schedule of 4 steps, not in effect now"),
    ("seed", "0", "seed", 0, "seed 0"),
    ("seed", " 009223372036854775807", "seed", 2**63 - 1, "seed 9223372036854775807"),
    ("client", "10.0.0.0/8", "match", {"client": "10.0.0.0/8"}, 'match {"client":"10.0.0.0/8"}'),
    ("times", 3, "trigger", {"times": 3}, 'trigger {"times":3}'),
], ids=["ttl", "schedule", "seed-least", "seed-most", "match", "trigger"])
def test_a_member_that_is_filled_in_arrives(page, api, echo_proxy, field, text, member, value,
                                            told):
    open_new(page)
    page.fill(field, text)
    send(page, "Add")
    toxic = api.json("GET", "/proxies/echo/toxics")[0]
    assert toxic[member] == value
    assert OWN & toxic.keys() == {member}
    page.wait(lambda: page.all(".toxics li"), "the toxic")
    assert page.text(".settings") == f"latency 0, jitter 0, {told}"


def test_a_toxic_of_a_lease_goes_with_it(page, api, echo_proxy, lease):
    open_new(page)
    page.fill("lease", lease)
    send(page, "Add")
    assert api.json("GET", "/proxies/echo/toxics")[0]["lease"] == lease
    page.wait(lambda: f"lease {lease[:8]}…" in page.text(".settings"), "the lease in the list")
    api.text("DELETE", f"/leases/{lease}")
    page.wait(lambda: not page.all(".toxics li"), "the toxic to go")


@pytest.mark.parametrize("field, text, member, value", [
    ("ttl", 10**13, "ttl", 10**13),
    ("schedule", "5 add\n2 remove", "schedule",
     [{"at": 5, "add": True}, {"at": 2, "remove": True}]),
    ("schedule", "5 update speed=1", "schedule",
     [{"at": 5, "update": {"attributes": {"speed": 1}}}]),
    ("seed", 2**63, "seed", 2**63),
    ("lease", "none such", "lease", "none such"),
], ids=["ttl", "schedule-order", "schedule-name", "seed", "lease"])
def test_what_the_server_refuses_is_said_in_its_words(page, api, echo_proxy, field, text, member,
                                                      value):
    with pytest.raises(RestError) as refused:
        api.json("POST", "/proxies/echo/toxics", {"type": "latency", member: value})
    words = json.loads(str(refused.value).partition(": ")[2])["error"]
    open_new(page)
    page.fill(field, text)
    page.press("Add", "dialog")
    assert fault(page) == words
    assert api.json("GET", "/proxies/echo/toxics") == []
    # What was written is still there, and can be put right.
    Select(page.find("dialog [name=type]")).select_by_visible_text("noop")
    page.script("document.querySelector(`dialog [name=${arguments[0]}]`).value = arguments[1];",
                field, "0" if field == "ttl" else "")
    send(page, "Add")
    assert api.json("GET", "/proxies/echo/toxics")[0].keys() == REFERENCE
    page.errors()  # the browser itself notes the refusal


@pytest.mark.parametrize("line", ["add", "5", "5 begin", "-5 add", "5 add latency=1",
                                  "5 update latency", "5 update latency= 1"])
def test_a_line_that_is_no_step_is_named(page, api, echo_proxy, line):
    open_new(page)
    page.fill("schedule", f"1 add\n{line}")
    page.press("Add", "dialog")
    assert fault(page).startswith(f'"{line}" must be ms, and then add, remove, or update')
    assert page.sent() == []


def test_a_seed_is_a_whole_number(page, echo_proxy):
    open_new(page)
    page.fill("seed", "one")
    page.press("Add", "dialog")
    assert page.all("dialog [name=seed]:invalid")
    assert page.sent() == []


def test_an_older_browser_shows_and_sends_no_seed_rather_than_another(page, api, echo_proxy):
    page.script("""
        const parse = JSON.parse;
        JSON.parse = (text, reviver) => parse(text, reviver && ((name, value) => reviver(name, value)));
        delete JSON.rawJSON;""")
    api.json("POST", "/proxies/echo/toxics", {"type": "latency", "name": "slow", "seed": 2**62 + 1})
    page.wait(lambda: page.all(".toxics li"), "the toxic")
    assert page.text(".settings") == "latency 0, jitter 0"
    open_new(page)
    page.fill("seed", 2**62 + 1)
    page.press("Add", "dialog")
    assert fault(page) == "This browser cannot send a seed: it is from before 2025."
    assert page.sent() == []


def test_an_edit_keeps_what_it_does_not_touch(page, api, echo_proxy, lease):
    everything = {"ttl": HOUR, "schedule": SCHEDULE, "seed": 2**62 + 1, "lease": lease,
                  "match": {"every": 2}, "trigger": {"after_ms": 5}}
    before = api.json("POST", "/proxies/echo/toxics",
                      {"type": "latency", "name": "slow", **everything})
    assert OWN <= before.keys()
    open_edit(page, "slow")
    page.fill("latency", 70)
    # No field pretends that these can be changed; they are told.
    assert page.all("dialog [name=seed], dialog [name=lease]") == []
    assert f"Cannot be changed: seed {2**62 + 1}, lease {lease}." in page.text("dialog")
    send(page, "Save")
    assert page.sent() == [{"attributes": {"latency": 70}}]
    before["attributes"]["latency"] = 70
    assert api.json("GET", "/proxies/echo/toxics/slow") == before


def test_an_edit_changes_and_removes_ttl_and_schedule(page, api, echo_proxy):
    echo_proxy.add("latency", name="slow")
    open_edit(page, "slow")
    assert "Cannot be changed" not in page.text("dialog")
    page.fill("ttl", HOUR)
    page.fill("schedule", SCHEDULE_TEXT)
    send(page, "Save")
    toxic = api.json("GET", "/proxies/echo/toxics/slow")
    assert (toxic["ttl"], toxic["schedule"]) == (HOUR, SCHEDULE)
    page.wait(lambda: "schedule of 4 steps" in page.text(".settings"), "the schedule in the list")
    open_edit(page, "slow")
    assert page.find("dialog [name=ttl]").get_attribute("value") == str(HOUR)
    page.fill("ttl", 0)
    page.fill("schedule", "")
    send(page, "Save")
    assert api.json("GET", "/proxies/echo/toxics/slow").keys() == REFERENCE
    page.wait(lambda: page.text(".settings") == "latency 0, jitter 0", "both to be gone")


def test_a_proxy_has_a_label_and_a_seed_if_they_are_filled_in(page, api, echo):
    for name, more in (("plain", {}), ("own", {"label": "checkout", "seed": 2**60 + 1})):
        page.press("New proxy")
        page.unfold()
        page.fill("name", name)
        page.fill("listen", "127.0.0.1:0")
        page.fill("upstream", echo.address)
        for field, value in more.items():
            page.fill(field, value)
        send(page, "Create")
        assert page.sent() == [{"name": name, "listen": "127.0.0.1:0", "upstream": echo.address,
                                "enabled": True, **more}]
    made = api.json("GET", "/proxies")
    assert (made["own"]["label"], made["own"]["seed"]) == ("checkout", 2**60 + 1)
    page.wait(lambda: len(page.all(".addresses")) == 2, "both cards")
    own, plain = (each.text for each in page.all(".addresses"))
    assert own == f"{made['own']['listen']} → {echo.address}, label checkout, seed {2**60 + 1}"
    assert plain == f"{made['plain']['listen']} → {echo.address}"
