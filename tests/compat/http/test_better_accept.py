"""The accept toxic, which the reference does not have: how the API shows it."""

import pytest

from compat_kit.peers import refused


@pytest.mark.parametrize("stream", ["upstream", "downstream"])
def test_it_is_an_upstream_toxic_whatever_is_asked_for(api, proxy, stream):
    toxics = proxy.path + "/toxics"
    made = api.post(toxics, {"type": "accept", "stream": stream}).json()
    assert (made["name"], made["stream"]) == ("accept_upstream", "upstream")
    assert api.get(toxics).json() == [made]
    assert api.post(toxics, {"type": "accept"}).status == 409


def test_it_refuses_until_the_reset(api, proxy, link):
    proxy.add("accept")
    assert refused(proxy.address)
    assert api.post("/reset").status == 204
    client, server = link()
    client.sendall(b"x")
    assert server.recv(1) == b"x"


def test_a_rate_of_refusals_is_400_and_changes_nothing(api, proxy):
    name = proxy.add("accept", mode="reset", rate=0.5)
    before = api.get(f"{proxy.path}/toxics/{name}").json()
    answer = api.patch(f"{proxy.path}/toxics/{name}", {"attributes": {"mode": "refuse"}})
    assert answer.status == 400
    assert "'rate' must be 1" in answer.json()["error"]
    assert api.get(f"{proxy.path}/toxics/{name}").json() == before
