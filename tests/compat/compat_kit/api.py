"""A small HTTP client for the server under test: one connection for each request."""

import http.client
import json
import urllib.parse


class Response:
    """Status, headers and body of one answer."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"<{self.status} {self.body[:300]!r}>"


class Api:
    """Talks to the REST API at 127.0.0.1:`port`. Every call has a time limit in seconds."""

    def __init__(self, port: int, timeout: float = 10.0):
        self.port = port
        self.timeout = timeout

    def request(self, method, path, body=None, headers=None, timeout=None) -> Response:
        """Sends one request. `body` may be bytes, text, or anything that JSON can hold."""
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body)
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=timeout or self.timeout
        )
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            return Response(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def get(self, path, **more):
        return self.request("GET", path, **more)

    def post(self, path, body=None, **more):
        return self.request("POST", path, body, **more)

    def patch(self, path, body=None, **more):
        return self.request("PATCH", path, body, **more)

    def delete(self, path, **more):
        return self.request("DELETE", path, **more)

    def create(self, upstream, name="p", listen="127.0.0.1:0", **fields) -> "Proxy":
        """Creates a proxy and returns a handle for it."""
        body = {"name": name, "listen": listen, "upstream": upstream, **fields}
        answer = self.post("/proxies", body)
        assert answer.status == 201, answer
        return Proxy(self, answer.json())


class Proxy:
    """A proxy on the server under test."""

    def __init__(self, api: Api, fields: dict):
        self.api = api
        self.name = fields["name"]
        self.listen = fields["listen"]
        self.path = "/proxies/" + urllib.parse.quote(self.name, safe="")

    @property
    def address(self):
        """Host and port to connect to; a wildcard becomes 127.0.0.1."""
        host, _, port = self.listen.rpartition(":")
        return ("127.0.0.1" if host == "[::]" else host.strip("[]"), int(port))

    def fields(self) -> dict:
        answer = self.api.get(self.path)
        assert answer.status == 200, answer
        return answer.json()

    def update(self, **fields) -> dict:
        answer = self.api.post(self.path, fields)
        assert answer.status == 200, answer
        return answer.json()

    def disable(self):
        self.update(enabled=False)

    def enable(self):
        self.update(enabled=True)

    def delete(self):
        answer = self.api.delete(self.path)
        assert answer.status == 204, answer

    def add(self, kind, stream="downstream", name=None, toxicity=1.0, **attributes) -> str:
        """Adds a toxic and returns its name."""
        body = {"type": kind, "stream": stream, "toxicity": toxicity, "attributes": attributes}
        if name is not None:
            body["name"] = name
        answer = self.api.post(self.path + "/toxics", body)
        assert answer.status == 200, answer
        return answer.json()["name"]

    def edit(self, toxic, toxicity=None, **attributes) -> dict:
        """Updates a toxic as the newer clients do, with PATCH."""
        body = {"attributes": attributes}
        if toxicity is not None:
            body["toxicity"] = toxicity
        answer = self.api.patch(f"{self.path}/toxics/{toxic}", body)
        assert answer.status == 200, answer
        return answer.json()

    def remove(self, toxic, timeout=None):
        answer = self.api.delete(f"{self.path}/toxics/{toxic}", timeout=timeout)
        assert answer.status == 204, answer
