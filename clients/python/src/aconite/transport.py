"""HTTP as the API needs it: one connection a call, and a time limit on each wait."""

from __future__ import annotations

import http.client
import json
import socket
from dataclasses import dataclass
from email.message import Message
from typing import Any, Mapping, Optional
from urllib.parse import quote, urlsplit

from .errors import ApiError, ConditionFailed, Conflict, Ignored, NotFound, Unreachable, Unsupported
from .version import __version__

_AGENT = f"aconite-python/{__version__}"


def path_of(*parts: str) -> str:
    """A path of these parts, each escaped."""
    return "".join("/" + quote(part, safe="") for part in parts)


def query_of(values: Mapping[str, Any]) -> str:
    """`?a=1&b=2` of those that are not None; empty without any."""
    pairs = [f"{quote(name)}={quote(str(value), safe='')}"
             for name, value in values.items() if value is not None]
    return "?" + "&".join(pairs) if pairs else ""


def known(cls: Any, made: Mapping[str, Any]) -> Mapping[str, Any]:
    """Those members of an answer that a dataclass of this version has."""
    return {name: value for name, value in made.items() if name in cls.__dataclass_fields__}


@dataclass(frozen=True)
class Answer:
    """The answer to a call that the server took."""

    text: str
    headers: Message  #: names in any case

    def json(self) -> Any:
        """The text, decoded. Unreachable if it is no JSON: whoever answered is no such server."""
        try:
            return json.loads(self.text)
        except ValueError:
            raise Unreachable(f"the answer is not JSON: {self.text[:200]!r}") from None


def _refusal(call: str, status: int, text: str, ignored: Optional[str]) -> ApiError:
    try:
        said = json.loads(text)
        words = said["error"] + (f" ({ignored})" if ignored else "")
    except (ValueError, TypeError, KeyError):
        words = text.strip() or http.client.responses.get(status, "no explanation")
        kind = Unsupported if status in (404, 405) else ApiError
        return kind(call, status, words)
    if status == 417:
        return ConditionFailed(call, status, words, said.get("seen", {}))
    return {404: NotFound, 409: Conflict}.get(status, ApiError)(call, status, words)


class Transport:
    """Where a server is, and how long to wait for it. Has no state of a connection: any thread."""

    def __init__(self, url: str, timeout: float) -> None:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        if parts.scheme != "http" or not parts.hostname or parts.path.strip("/"):
            raise ValueError(f"url must be http://HOST:PORT, not {url!r}")
        self.host = parts.hostname
        self.port = parts.port or 8474
        host = f"[{self.host}]" if ":" in self.host else self.host
        self.url = f"http://{host}:{self.port}"
        self.timeout = timeout

    def ask(self, method: str, path: str, body: Any = None, *, patience: float = 0,
            content_type: str = "application/json") -> Answer:
        """Sends one request: a body that is no str goes as JSON. The answer may take `patience`
        seconds longer than the server's timeout."""
        with self.open(method, path, body, patience, content_type) as stream:
            answer = Answer(self._text(stream), stream.response.headers)
        if "Aconite-Warning" in answer.headers:
            raise Ignored(f"{method} {path}: the server {answer.headers['Aconite-Warning']}")
        return answer

    def open(self, method: str, path: str, body: Any = None, patience: float = 0,
             content_type: str = "application/json") -> Stream:
        """Sends one request and returns when the head of the answer is there."""
        headers = {"User-Agent": _AGENT, "Connection": "close"}
        if body is not None:
            body = (body if isinstance(body, str) else json.dumps(body)).encode()
            headers["Content-Type"] = content_type
        connection = http.client.HTTPConnection(
            self.host, self.port, timeout=self.timeout + patience)
        try:
            connection.request(method, path, body, headers)
            wire = connection.sock
            stream = Stream(connection, wire, connection.getresponse())
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise self._unreachable(error) from error
        if not 200 <= stream.response.status < 300:
            with stream:
                raise _refusal(f"{method} {path}", stream.response.status, self._text(stream),
                               stream.response.headers.get("Aconite-Warning"))
        return stream

    def _text(self, stream: Stream) -> str:
        try:
            return stream.response.read().decode()
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise self._unreachable(error) from error

    def _unreachable(self, error: Exception) -> Unreachable:
        return Unreachable(f"no answer from {self.url}: {error or type(error).__name__}")


class Stream:
    """An answer that is being read. Close it, or use it as a context manager."""

    def __init__(self, connection: http.client.HTTPConnection, wire: Optional[socket.socket],
                 response: http.client.HTTPResponse) -> None:
        self._connection = connection
        self._wire = wire
        self.response = response

    def line(self, seconds: float) -> Optional[str]:
        """The next line without its end. None at the end of the answer; TimeoutError after so
        many seconds without any byte, and then nothing can be read any more."""
        if self._wire is not None:
            self._wire.settimeout(max(seconds, 0.001))
        try:
            line = self.response.readline()
        except socket.timeout:
            raise TimeoutError(f"nothing for {seconds:g} s") from None
        except (OSError, http.client.HTTPException) as error:
            raise Unreachable(f"the stream broke: {error}") from error
        return line.decode().rstrip("\r\n") if line else None

    def close(self) -> None:
        self.response.close()
        self._connection.close()

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
