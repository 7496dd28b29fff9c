"""The web page at /: who is served, and what a browser may ask the API."""

import re

import pytest

BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64)"}


def own_page(api, **more):
    """The headers of a request that the page makes."""
    return {**BROWSER, "Aconite-Page": "1", "Host": f"localhost:{api.port}", **more}


def test_the_page_and_all_that_it_names_are_there(api):
    answer = api.get("/", headers={**BROWSER, "Sec-Fetch-Site": "cross-site"})
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    names = set(re.findall(r'(?:href|src)="(page/[^"]+)"', answer.text))
    assert {"page/page.css", "page/main.js"} <= names
    for name in sorted(names):
        part = api.get(f"/{name}", headers=BROWSER)
        assert part.status == 200, name
        names_of_part = re.findall(r'from "\./([^"]+)"', part.text)
        assert all(api.get(f"/page/{each}").status == 200 for each in names_of_part)
    assert api.get("/page/nothing.js").status == 404


def test_the_policy_allows_nothing_from_elsewhere(api):
    headers = api.get("/").headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    allowed = {source for sources in policy.values() for source in sources.split()}
    assert allowed == {"'none'", "'self'", "'script'"}
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_the_page_may_use_the_api(api):
    origin = f"http://localhost:{api.port}"
    assert api.get("/proxies", headers=own_page(api)).status == 200
    made = api.post("/proxies", {"name": "p", "listen": "127.0.0.1:0", "upstream": "127.0.0.1:1"},
                    headers=own_page(api, Origin=origin, **{"Sec-Fetch-Site": "same-origin"}))
    assert made.status == 201
    assert list(api.get("/proxies").json()) == ["p"]


@pytest.mark.parametrize("wrong", [
    {"Origin": "http://localhost:1"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Aconite-Page": "yes"},
    {"Host": "rebound.example"},
    {"Host": "rebound.example", "Origin": "http://rebound.example"},
], ids=str)
def test_another_page_may_not(api, proxy, wrong):
    headers = own_page(api, **wrong)
    for method, path in (("GET", "/proxies"), ("POST", "/reset"), ("DELETE", proxy.path)):
        answer = api.request(method, path, headers=headers)
        assert (answer.status, answer.text) == (403, "User agent not allowed\n")
    assert api.get(proxy.path).status == 200


def test_no_preflight_is_answered(api):
    answer = api.request("OPTIONS", "/proxies", headers={
        **BROWSER, "Origin": "http://other.example", "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "aconite-page"})
    assert answer.status == 405
    assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


def test_without_extras_there_is_no_page(start):
    api = start("-no-extras").api
    for path in ("/", "/page/main.js"):
        for headers in ({}, BROWSER):
            answer = api.get(path, headers=headers)
            assert (answer.status, answer.text) == (404, "404 page not found\n"), path
