"""The part of Toxiproxy's REST API that the integration tests use."""

import http.client
import json
import re


class RestError(RuntimeError):
    """The server answered with a status outside 2xx."""

    def __init__(self, status, text):
        super().__init__(f"HTTP {status}: {text.strip()}")
        self.status = status


class RestClient:
    """Talks to the API at 127.0.0.1:`port`, one connection a call, so any thread may use it."""

    def __init__(self, port, seconds=15):
        self._port = port
        self._seconds = seconds

    def text(self, method, path, body=None):
        """Sends one request and returns the body of the answer; RestError, OSError on failure."""
        return self.headers_and_text(method, path, body)[1]

    def headers_and_text(self, method, path, body=None):
        """As text(), with the answer's headers before it."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=self._seconds)
        try:
            connection.request(method, path, None if body is None else json.dumps(body))
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        if not 200 <= answer.status < 300:
            raise RestError(answer.status, text)
        return answer.headers, text

    def json(self, method, path, body=None):
        """As text(), decoded; None for an empty body."""
        text = self.text(method, path, body)
        return json.loads(text) if text else None

    def create_proxy(self, name, upstream, listen="127.0.0.1:0", **more):
        """Creates a proxy and returns its Proxy."""
        made = self.json("POST", "/proxies",
                         {"name": name, "listen": listen, "upstream": upstream, **more})
        return Proxy(self, made["name"], made["listen"], made["upstream"])

    def counter(self, series, **labels):
        """The sum of the samples of counter `series` whose labels include `labels`."""
        total = 0
        for line in self.text("GET", "/metrics").splitlines():
            sample = re.fullmatch(r"(\w+)\{(.*)\} (\S+)", line)
            if sample is None or sample[1] != series:
                continue
            found = dict(re.findall(r'(\w+)="([^"]*)"', sample[2]))
            if labels.items() <= found.items():
                total += float(sample[3])
        return int(total)


class Proxy:
    """One proxy of the server under test; `host` and `port` are where its clients connect."""

    def __init__(self, api, name, listen, upstream):
        self.api = api
        self.name = name
        self.listen = listen
        self.upstream = upstream
        self.host, port = listen.rsplit(":", 1)
        self.port = int(port)

    def add(self, kind, stream="downstream", name=None, **attributes):
        """Adds a toxic and returns its name."""
        body = {"type": kind, "stream": stream, "attributes": attributes}
        if name is not None:
            body["name"] = name
        return self.api.json("POST", f"/proxies/{self.name}/toxics", body)["name"]

    def update(self, toxic, **attributes):
        """Changes attributes of a toxic on all live connections."""
        self.api.json("PATCH", f"/proxies/{self.name}/toxics/{toxic}", {"attributes": attributes})

    def remove(self, toxic):
        """Removes a toxic from all live connections."""
        self.api.text("DELETE", f"/proxies/{self.name}/toxics/{toxic}")

    def received(self, direction):
        """Bytes read from the `direction`'s source so far, by the server's own counter."""
        return self.api.counter("toxiproxy_proxy_received_bytes_total", direction=direction,
                                listener=self.listen, proxy=self.name, upstream=self.upstream)

    def sent(self, direction):
        """Bytes written to the `direction`'s destination so far, by the server's own counter."""
        return self.api.counter("toxiproxy_proxy_sent_bytes_total", direction=direction,
                                listener=self.listen, proxy=self.name, upstream=self.upstream)
