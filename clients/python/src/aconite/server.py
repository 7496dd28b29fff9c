"""A server: the handle that everything else comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Iterable, List, Mapping, NamedTuple, Optional, Union
from urllib.parse import quote

from . import conditions
from .conditions import Compared
from .errors import Unsupported
from .journal import Follower, Journal
from .lease import Lease
from .proxy import Proxy
from .stats import ProxyStats
from .toxic import Spoken, given
from .transport import Transport, known, path_of, query_of


class Ready(NamedTuple):
    """A server that serves."""

    proxies: int  #: how many there are
    enabled: int  #: of those


class Reconfigured(NamedTuple):
    """What a new configuration did: names of proxies."""

    created: List[str]
    updated: List[str]
    removed: List[str]
    unchanged: List[str]


@dataclass(frozen=True)
class Connection:
    """A live connection."""

    id: int
    proxy: str
    ordinal: int  #: in its proxy, from 0
    client: str
    upstream: str  #: empty while dialling
    age_ms: int
    received_bytes: Mapping[str, int]
    label: Optional[str] = None


class Server:
    """A running aconite, or a Toxiproxy 2.x.

    `url` is http://HOST:PORT or HOST:PORT. `timeout` limits, in seconds, each wait for the server:
    for the connection and for the next part of its answer. Has no connection of its own: use it
    from any thread. What a Toxiproxy has not is Unsupported there.
    """

    def __init__(self, url: str = "http://localhost:8474", *, timeout: float = 10.0) -> None:
        self.api = Transport(url, timeout)

    def __repr__(self) -> str:
        return f"<Server {self.url}>"

    @property
    def url(self) -> str:
        return self.api.url

    @property
    def host(self) -> str:
        return self.api.host

    def version(self) -> str:
        """The Toxiproxy version that it behaves as."""
        answer = self.api.ask("GET", "/version")
        return str(answer.json()["version"] if answer.text.startswith("{") else answer.text)

    def is_aconite(self) -> bool:
        """Whether it has what Toxiproxy has not: journal, leases, match and so on."""
        try:
            self.ready()
        except Unsupported:
            return False
        return True

    def ready(self) -> Ready:
        """That it serves, and how many proxies."""
        made = self.api.ask("GET", "/ready").json()
        return Ready(made["proxies"], made["enabled"])

    def seed(self) -> int:
        """The key of every random decision that has none of its own."""
        return int(self.api.ask("GET", "/seed").json()["seed"])

    def metrics(self) -> str:
        """Prometheus' text; Unsupported unless it was started with -proxy-metrics."""
        return self.api.ask("GET", "/metrics").text

    def toxic_types(self) -> Mapping[str, Any]:
        """The toxics that there are, and their attributes."""
        made: Mapping[str, Any] = self.api.ask("GET", "/toxic-types").json()
        return made

    def reset(self) -> None:
        """Enables every proxy, removes all toxics and ends all leases."""
        self.api.ask("POST", "/reset")

    # Proxies

    def proxies(self) -> Dict[str, Proxy]:
        """All of them, by name."""
        made = self.api.ask("GET", "/proxies").json()
        return {name: Proxy(self, each) for name, each in made.items()}

    def proxy(self, name: str) -> Proxy:
        """The one of that name; NotFound without."""
        return Proxy(self, self.api.ask("GET", path_of("proxies", name)).json())

    def create_proxy(self, name: str, upstream: str, *, listen: str = "127.0.0.1:0",
                     enabled: bool = True, seed: Optional[int] = None,
                     label: Optional[str] = None, protocol: Optional[Spoken] = None,
                     brokers: Optional[Mapping[str, Any]] = None) -> Proxy:
        """Creates one; Conflict if there is one of that name. `listen` and `upstream` are
        HOST:PORT; port 0 of `listen` is any free one, which `Proxy.port` tells. `protocol` is what
        its connections speak, as "postgres", for toxics of that protocol. `brokers` has the `ports` and the `host` where
        clients of "kafka", "redis" and "mongodb" are told to find each server."""
        body = given(name=name, upstream=upstream, listen=listen, enabled=enabled, seed=seed,
                     label=label, protocol=protocol, brokers=brokers)
        return Proxy(self, self.api.ask("POST", "/proxies", body).json())

    def populate(self, proxies: Iterable[Mapping[str, Any]]) -> List[Proxy]:
        """Creates those that are missing, replaces those that differ in `listen` or `upstream`,
        keeps all others. Each has name, listen, upstream and so on; in their order."""
        made = self.api.ask("POST", "/populate", list(proxies)).json()
        return [Proxy(self, each) for each in made["proxies"]]

    def connections(self) -> List[Connection]:
        """Those that live, the oldest first."""
        made = self.api.ask("GET", "/connections").json()
        return [Connection(**known(Connection, each)) for each in made]

    # Configuration

    def config(self) -> List[Mapping[str, Any]]:
        """All proxies and toxics, as `apply_config` takes them."""
        made: List[Mapping[str, Any]] = self.api.ask("GET", "/config").json()
        return made

    def config_yaml(self) -> str:
        """The same as YAML."""
        return self.api.ask("GET", "/config?format=yaml").text

    def apply_config(self, config: Union[Iterable[Mapping[str, Any]], str]) -> Reconfigured:
        """Makes a configuration, a list of proxies or the text of one as JSON or YAML, all there
        is; what is the same is left alone. ApiError if it is wrong or a proxy cannot listen."""
        if isinstance(config, str):
            answer = self.api.ask("POST", "/config", config, content_type="application/yaml")
        else:
            answer = self.api.ask("POST", "/config", list(config))
        made = answer.json()
        return Reconfigured(*(made[name] for name in Reconfigured._fields))

    # Leases

    def leases(self) -> List[Lease]:
        """Those that run."""
        return [Lease(self.api, each) for each in self.api.ask("GET", "/leases").json()]

    def open_lease(self, ttl: int) -> Lease:
        """A lease that ends `ttl` milliseconds after it was renewed last."""
        return Lease(self.api, self.api.ask("POST", "/leases", {"ttl": ttl}).json())

    # What happened

    def stats(self) -> Dict[str, ProxyStats]:
        """What each proxy and its toxics did, by name."""
        made = map(ProxyStats.from_json, self.api.ask("GET", "/stats").json())
        return {each.name: each for each in made}

    def mark(self, text: str) -> None:
        """Writes a text of up to 1,000 bytes into the journal."""
        self.api.ask("POST", "/marks", {"text": text})

    def journal(self, *, since: Optional[int] = None, tail: Optional[int] = None,
                limit: Optional[int] = None, proxy: Optional[str] = None,
                toxic: Optional[str] = None, kind: Optional[str] = None) -> Journal:
        """The records behind `since`, of one proxy, toxic or kind (several with commas): the
        newest `tail` of them, or else the first `limit`."""
        query = query_of({"since": since, "tail": tail, "limit": limit, "proxy": proxy,
                          "toxic": toxic, "kind": kind})
        return Journal(self.api.ask("GET", f"/journal{query}"))

    def follow(self, *, since: Optional[int] = None, tail: Optional[int] = None,
               proxy: Optional[str] = None, toxic: Optional[str] = None,
               kind: Optional[str] = None, timeout: Optional[float] = None) -> Follower:
        """The records as they come, from now on, behind `since` or from the newest `tail` on,
        until there was none for `timeout` seconds."""
        query = query_of({"since": since, "tail": tail, "proxy": proxy, "toxic": toxic,
                          "kind": kind})
        return Follower(self.api.open("GET", f"/events{query}"), timeout)

    def wait(self, *, proxy: Optional[str] = None, toxic: Optional[str] = None,
             ready: bool = False, timeout: float = 10.0,
             **numbers: Compared) -> Mapping[str, int]:
        """Waits until everything holds, and tells the numbers then; ConditionFailed after
        `timeout` seconds, an hour at most, NotFound if the proxy or toxic was never there.

        `ready`: the proxy is enabled. The numbers are hits, bytes, connections, open and
        dial_errors, each compared: `hits=">=1"`, or `open=0` for exactly that.
        """
        query = query_of({"proxy": proxy, "toxic": toxic, "timeout": f"{timeout * 1000:.0f}ms"})
        terms = [quote(each, safe="") for each in conditions.as_query(numbers)]
        path = "&".join([f"/wait{query}", *terms, *(["ready"] if ready else [])])
        seen: Mapping[str, int] = self.api.ask("GET", path, patience=timeout).json()["seen"]
        return seen

    def assert_that(self, *, proxy: Optional[str] = None, toxic: Optional[str] = None,
                    **numbers: Compared) -> Mapping[str, int]:
        """That it all holds now: ConditionFailed, an AssertionError, if not. As `wait`."""
        body = {**given(proxy=proxy, toxic=toxic), **conditions.as_body(numbers)}
        seen: Mapping[str, int] = self.api.ask("POST", "/assert", body).json()["seen"]
        return seen
