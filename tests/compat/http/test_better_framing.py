"""Requests whose end two readers could see in different places: against aconite alone by default.

One that is in doubt is answered once and the connection is closed, so that nothing behind it is
ever taken for a request. The reference takes some of them.
"""

import re

import pytest

from compat_kit.peers import connect, receive_all
from compat_kit.server import Server

# What a smuggler would have served as a second request.
VICTIM = {"name": "victim", "listen": "127.0.0.1:0", "upstream": "127.0.0.1:1"}
HIDDEN = b"DELETE /proxies/victim HTTP/1.1\r\nHost: x\r\n\r\n"
BODY = b'{"name":"p","listen":"127.0.0.1:0","upstream":"127.0.0.1:1"}'
START = b"POST /proxies HTTP/1.1\r\nHost: x\r\n"


def length(text: bytes, body: bytes = BODY) -> bytes:
    """A request with this Content-Length, whatever the body has."""
    return START + b"Content-Length: " + text + b"\r\n\r\n" + body


def coded(*fields: bytes, body: bytes = HIDDEN) -> bytes:
    return START + b"".join(each + b"\r\n" for each in fields) + b"\r\n" + body


def chunked(chunks: bytes) -> bytes:
    return coded(b"Transfer-Encoding: chunked", body=chunks)


TRUE_LENGTH = b"%d" % len(BODY)
IN_DOUBT = {
    "coding identity": (501, coded(b"Transfer-Encoding: identity")),
    "coding gzip": (501, coded(b"Transfer-Encoding: gzip")),
    "coding gzip, chunked": (501, coded(b"Transfer-Encoding: gzip, chunked")),
    "coding chunked, chunked": (501, coded(b"Transfer-Encoding: chunked, chunked")),
    "coding chunked with parameter": (501, coded(b"Transfer-Encoding: chunked;q=1")),
    "coding quoted": (501, coded(b'Transfer-Encoding: "chunked"')),
    "coding xchunked": (501, coded(b"Transfer-Encoding: xchunked")),
    "coding empty": (501, coded(b"Transfer-Encoding:")),
    "coding with vertical tab": (400, coded(b"Transfer-Encoding: \x0bchunked")),
    "two codings": (400, coded(b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked")),
    "two codings, one unknown": (
        400, coded(b"Transfer-Encoding: identity", b"Transfer-Encoding: chunked")),
    "coding and length": (400, coded(b"Transfer-Encoding: chunked", b"Content-Length: 5")),
    "length and coding": (400, coded(b"Content-Length: 5", b"Transfer-Encoding: chunked")),
    "length and identity": (400, coded(b"Content-Length: 5", b"Transfer-Encoding: identity")),
    "coding in HTTP/1.0": (
        400, b"POST /proxies HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n" + HIDDEN),
    "coding with blank before colon": (400, coded(b"Transfer-Encoding : chunked")),
    "coding folded": (400, coded(b"Transfer-Encoding:\r\n chunked")),
    "two lengths": (400, coded(b"Content-Length: 5", b"Content-Length: 0")),
    "two lengths that agree": (400, coded(b"Content-Length: 5", b"content-length: 5")),
    "list of lengths": (400, length(b"60, 60")),
    "list of different lengths": (400, length(b"60, 0")),
    "length with plus": (400, length(b"+" + TRUE_LENGTH)),
    "length with minus": (400, length(b"-1")),
    "length minus zero": (400, length(b"-0")),
    "length in hex": (400, length(b"0x3C")),
    "length with blank": (400, length(b"6 0")),
    "length with tab": (400, length(b"6\t0")),
    "length with fraction": (400, length(b"60.0")),
    "length with exponent": (400, length(b"6e1")),
    "length quoted": (400, length(b'"60"')),
    "length of nothing": (400, length(b"")),
    "length of 64 bits and more": (400, length(b"18446744073709551676")),
    "length folded": (400, coded(b"Content-Length:", b" 60", body=BODY)),
    "length with blank before colon": (400, coded(b"Content-Length : 60", body=BODY)),
    "length with tab before colon": (400, coded(b"Content-Length\t: 60", body=BODY)),
    "length behind a zero byte": (400, coded(b"X: a\0b", b"Content-Length: 60", body=BODY)),
    "zero byte in a name": (400, coded(b"Content-Length\0: 60", body=BODY)),
    "control in a value": (400, coded(b"X: a\x01b")),
    "return in a value": (400, coded(b"X: a\rTransfer-Encoding: chunked")),
    "return before the line end": (400, coded(b"X: a\r")),
    "delete in a value": (400, coded(b"X: a\x7f")),
    "no colon": (400, coded(b"Content-Length 60")),
    "no name": (400, coded(b": 60")),
    "blank in a name": (400, coded(b"Content Length: 60")),
    "field in front that is folded": (400, START[:-9] + b" x\r\n\r\n" + HIDDEN),
    "two hosts": (400, coded(b"Host: y")),
    "chunk size with sign": (400, chunked(b"+5\r\nhello\r\n0\r\n\r\n")),
    "chunk size with minus": (400, chunked(b"-5\r\nhello\r\n0\r\n\r\n")),
    "chunk size with 0x": (400, chunked(b"0x5\r\nhello\r\n0\r\n\r\n")),
    "chunk size with blank in front": (400, chunked(b" 5\r\nhello\r\n0\r\n\r\n")),
    "chunk size of nothing": (400, chunked(b"\r\nhello\r\n0\r\n\r\n")),
    "chunk size that is a word": (400, chunked(b"five\r\nhello\r\n0\r\n\r\n")),
    "chunk size of 65 bits": (400, chunked(b"10000000000000005\r\nhello\r\n0\r\n\r\n")),
    "chunk size of 64 bits": (413, chunked(b"ffffffffffffffff\r\nhello\r\n0\r\n\r\n")),
    "chunk longer than its size": (400, chunked(b"5\r\nhello!\r\n0\r\n\r\n")),
    "chunk line with line feed only": (400, chunked(b"5\nhello\r\n0\r\n\r\n" + HIDDEN)),
    "coding in the trailer": (501, chunked(b"0\r\nTransfer-Encoding: chunked\r\n\r\n" + HIDDEN)),
    "length in the trailer": (400, chunked(b"0\r\nContent-Length: 5\r\n\r\n" + HIDDEN)),
    "zero byte in the target": (400, b"GET /proxies\0 HTTP/1.1\r\nHost: x\r\n\r\n" + HIDDEN),
    "blank in the target": (400, b"GET /pro xies HTTP/1.1\r\nHost: x\r\n\r\n" + HIDDEN),
    "HTTP/2.0": (400, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + HIDDEN),
    "HTTP/1.2": (400, b"GET /proxies HTTP/1.2\r\nHost: x\r\n\r\n" + HIDDEN),
    "no version": (400, b"GET /proxies\r\nHost: x\r\n\r\n" + HIDDEN),
    "a TLS greeting": (400, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
    "no request": (400, b"hello\r\n\r\n" + HIDDEN),
}


def statuses(port, request: bytes) -> list:
    """What a request is answered until the server closes."""
    client = connect(("127.0.0.1", port))
    client.sendall(request)
    answer = receive_all(client)
    client.close()
    return statuses_in(answer)


def statuses_in(answers: bytes) -> list:
    return [int(each) for each in re.findall(rb"HTTP/1\.[01] (\d+) ", answers)]


@pytest.fixture(scope="module")
def shared(program_folder):
    """One server for all of the table."""
    server = Server(program_folder / "toxiproxy-server").wait_ready()
    yield server
    server.close()


@pytest.mark.parametrize("case", IN_DOUBT)
def test_a_request_in_doubt_has_one_answer_and_ends_the_connection(shared, case):
    status, request = IN_DOUBT[case]
    shared.api.delete("/proxies/p")
    assert shared.api.post("/populate", [VICTIM]).status == 201
    assert statuses(shared.port, request) == [status]
    assert list(shared.api.get("/proxies").json()) == ["victim"]


END = b"GET /version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
CLEAR = {
    "length with leading zeros": length(b"000" + TRUE_LENGTH),
    "length with blanks around": length(b" \t" + TRUE_LENGTH + b" "),
    "coding in any case": coded(
        b"transfer-encoding: CHUNKED", body=b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)),
    "chunk extensions": chunked(
        b"%x;a=b;c=\"d e\"\r\n%s\r\n0;last\r\n\r\n" % (len(BODY), BODY)),
    "chunk size in capitals with zeros": chunked(b"000%X\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)),
    "trailer": chunked(b"%x\r\n%s\r\n0\r\nX: y\r\n\r\n" % (len(BODY), BODY)),
    "empty lines in front": b"\r\n\n" + length(TRUE_LENGTH),
    "tab in a value": coded(b"X: a\tb", b"Content-Length: " + TRUE_LENGTH, body=BODY),
    "line feeds alone": (START + b"Content-Length: %s\n\n" % TRUE_LENGTH).replace(b"\r", b"") + BODY,
    "line ends of both kinds": START + b"A: b\nContent-Length: %s\r\n\n" % TRUE_LENGTH + BODY,
}


@pytest.mark.parametrize("case", CLEAR)
def test_a_request_that_is_clear_is_served_and_the_next_one_too(shared, case):
    assert statuses(shared.port, CLEAR[case] + END) == [201, 200]
    assert shared.api.delete("/proxies/p").status == 204


@pytest.mark.parametrize("case", CLEAR)
def test_a_request_that_comes_byte_by_byte_is_the_same(shared, case):
    client = connect(("127.0.0.1", shared.port))
    for byte in CLEAR[case] + END:
        client.sendall(bytes([byte]))
    assert statuses_in(receive_all(client)) == [201, 200]
    client.close()
    assert shared.api.delete("/proxies/p").status == 204


def test_a_head_of_line_feeds_has_the_same_limit(shared):
    request = b"GET /version HTTP/1.1\nHost: x\n" + b"X: y\n" * 14_000 + b"\n"
    assert statuses(shared.port, request) == [431]
    request = b"GET /version HTTP/1.1\nHost: x\nConnection: close\nX: " + b"y" * 60_000 + b"\n\n"
    assert statuses(shared.port, request) == [200]
