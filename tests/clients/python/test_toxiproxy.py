"""The client against Toxiproxy itself, for what that one has."""


import pytest

import aconite


@pytest.fixture
def proxy(toxiproxy, echo):
    made = toxiproxy.create_proxy("echo", echo)
    yield made
    made.delete()


def test_proxies_and_toxics_work(toxiproxy, proxy, talk, echo):
    assert toxiproxy.version() == "2.12.0" and not toxiproxy.is_aconite()
    assert talk(proxy)[0] == b"hello"
    with proxy.add_toxic("latency", attributes={"latency": 120}, toxicity=1) as toxic:
        assert talk(proxy)[1] >= 0.12
        assert toxic.update(attributes={"latency": 1}).attributes["latency"] == 1
        assert [each.name for each in proxy.toxics()] == ["latency_downstream"]
    assert proxy.toxics() == []
    with proxy.down():
        assert not toxiproxy.proxies()["echo"].enabled
    proxy.add_toxic("bandwidth", stream="upstream", attributes={"rate": 1})
    toxiproxy.reset()
    assert proxy.toxics() == []
    (same,) = toxiproxy.populate([{"name": "echo", "listen": proxy.listen, "upstream": echo}])
    assert same.port == proxy.port


def test_refusals_have_its_own_words(toxiproxy, proxy):
    with pytest.raises(aconite.NotFound, match="proxy not found"):
        toxiproxy.proxy("nobody")
    with pytest.raises(aconite.Conflict, match="proxy already exists"):
        toxiproxy.create_proxy("echo", proxy.upstream)
    with pytest.raises(aconite.ApiError, match="invalid toxic type"):
        proxy.add_toxic("nonsense")


def test_what_it_has_not_is_unsupported_instead_of_ignored(toxiproxy, proxy):
    with pytest.raises(aconite.Unsupported, match="does not know match, ttl"):
        proxy.add_toxic("latency", match={"ordinal": 1}, ttl=5)
    assert proxy.toxics() == []
    for call in (toxiproxy.journal, toxiproxy.stats, toxiproxy.leases, toxiproxy.config,
                 toxiproxy.follow, toxiproxy.seed, proxy.stats, toxiproxy.ready):
        with pytest.raises(aconite.Unsupported):
            call()
    with pytest.raises(aconite.Unsupported):
        toxiproxy.mark("here")
    with pytest.raises(aconite.Unsupported):
        proxy.wait(hits=1)
