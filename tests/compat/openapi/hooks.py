"""What schemathesis must know of this API beside its document."""

import itertools
import json
import os
import re
import urllib.error
import urllib.parse
import urllib.request

import schemathesis

URL = os.environ["ACONITE_URL"]
KNOWN = "known"
calls = itertools.count()

# A wait that is valid must not take the ten seconds that it has by itself.
TIME = re.compile(r"([0-9]+(ms|s|m)?)?")

# The engine's text of a listen address that cannot be had: 500, as in Toxiproxy.
CANNOT_LISTEN = re.compile(r"(listen tcp|address|lookup)\b")

# Rules that a schema cannot tell, over several members or on how a text is written.
RULES = re.compile(
    "|".join(
        (
            r"'(seed|lease)' cannot be changed",
            r"'lease' must be one that has not ended",
            r"'listen' must be host:port",
            r"'(match\.)?ordinals' must be",
            r"'name' must be unique, and",
            r"'listen': ",
            r"/at' must be between .*, in ascending order",
            r"'(match\.)?client' must be made of addresses and subnets",
            r"'(match' and 'trigger|trigger|toxicity)' must be (empty|0 or 1) where",
            r"'trigger\.\w+' must be .* for attempts to connect",
            r"'rate' must be 1 in mode",
            r"'table' must (have names like|name a percentile|not fall)",
            r"'jitter' must be 0 beside 'table'",
            r"'size_variation' must be between 0 and",
            r"'burst' must be 0 (in mode kernel|or at least 1)",
            r"'gemodel' (must be empty in mode kernel|takes the place of)",
            r"'rate' must be at most .* \(burst / \(burst \+ 1\)\)",
            r"'rto_max' must be at least 'rto_min'",
            r"nothing to (wait for|insist on)",
            r"'(timeout|kind)' must be",
            r"'ready' (needs|is not known)",
            r"a toxic has no '(open|dial_errors|not_followed|bypass|unknown)'",
            r"'(match\.)?(query|application_name|topic|client_id|group|transactional_id|key"
            r"|client_name|collection|app_name|database|hex|bytes)' must be a regular expression",
            r"'(match\.)?key' must be a glob of at most",
            r"'(match\.)?(command|user|database|api)' must be a list of at most",
            # A patch does not say what type it is for.
            r"/match/(query|command|user|database|application_name|state|phase|api|topic|partition"
            r"|client_id|group|transactional_id|acks|key|client_name|in_multi|arguments|kind|collection"
            r"|app_name|in_transaction|frame|size|hex|bytes) is not "
            r"known there",
            r"attribute 'pattern' must be (a regular expression|one that does not fit)",
            r"attribute 'replacement' must (name groups of the pattern|be a text of at most)",
            r"'brokers' is for proxies whose protocol",
            r"'brokers\.(ports|host|also|also\.listen)' must be",
            r"attribute 'error' must be (set for|the name of|one line)",
            r"'match\.api' must be the names or keys of requests",
            r"attribute 'labels' must be at most 8 names",
            r"attribute 'node' must be host:port",
            r"attribute 'hides' must be a broker's number",
            r"attribute 'fault' must be set, or '(preset|delay)'",
            r"'protocol\.(bytes|includes|text|hex|offset|order|largest)' must be",
            r"/protocol must name frames",
            r"attribute '(hex|text|cut)' must be (pairs of|empty beside|at most 65536|rst or fin)",
            r"'(match\.)?(frame|size)' must be (made of|a list of at most)",
            r"attribute 'sqlstate' must be (five digits|set for an error)",
            r"attribute '(message|detail|hint)' must be a text of at most",
            r"attribute '(delay|rows_per_second|throttle|age)' must be at least 1",
            r"attribute '(then|severity)' must be .* (reply|after the execution)",
            # JSON Schema calls 5.0 an integer.
            r"must be compared with a whole number",
            r"must be a whole number of 64 bits, not the number -?\d+(\.0|(\.\d+)?e\+)",
        )
    )
)


def send(method, path, body=None):
    """What a JSON answer says; None of an error, such as that it is there already or not there."""
    request = urllib.request.Request(
        URL + path, method=method, data=None if body is None else json.dumps(body).encode()
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or "null")
    except urllib.error.HTTPError:
        return None


def made_safe(value):
    """The same body, but no proxy listens on a port of its choice or dials into the network."""
    if isinstance(value, list):
        return [made_safe(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: safe_member(name.lower(), part) for name, part in value.items()}


def safe_member(name, value):
    if name == "listen" and isinstance(value, str) and (":" in value or not value):
        return "127.0.0.1:0" if next(calls) % 8 else "127.0.0.1 without a port"
    if name == "upstream" and isinstance(value, str) and value:
        return "127.0.0.1:1"
    if name == "label" and value == "" and next(calls) % 2:
        return "what most generated bodies leave empty"
    return made_safe(value)


def make_room(operation, body):
    """Three times out of four, nothing is in the way of what is to be created."""
    name = KNOWN if operation == "ToxicCreate" else None
    if operation == "ProxyCreate" and isinstance(body, dict):
        name = body.get("name")
    if isinstance(name, str) and next(calls) % 4:
        send("DELETE", "/proxies/" + urllib.parse.quote(name, safe=""))


def made_known(names):
    """The same names in the path, with something there of each that is called `known`."""
    if names.get("proxy") == KNOWN:
        send("POST", "/proxies", {"name": KNOWN, "listen": "127.0.0.1:0", "upstream": "127.0.0.1:1"})
        if names.get("toxic") == KNOWN:
            send("POST", f"/proxies/{KNOWN}/toxics", {"name": KNOWN, "type": "latency"})
    if names.get("lease") == KNOWN:
        return {**names, "lease": send("POST", "/leases", {"ttl": 60_000})["id"]}
    return names


@schemathesis.hook
def before_call(context, case, kwargs):
    operation = case.operation
    case.body = made_safe(case.body)
    if operation.path == "/wait" and TIME.fullmatch(str((case.query or {}).get("timeout", ""))):
        case.query = {**(case.query or {}), "timeout": "5ms", "hits>": str(next(calls) % 2)}
    make_room(operation.definition.raw["operationId"], case.body)
    names = case.path_parameters
    if operation.body and case.meta.phase.name.value == "coverage":
        names = dict.fromkeys(names, KNOWN)  # it covers bodies behind a path that leads nowhere
    case.path_parameters = made_known(names)


@schemathesis.check
def errors_tell_their_status(ctx, response, case):
    """What is called plain text is JSON all the same, but for a method that there is not."""
    if response.status_code < 400 or response.status_code == 405:
        return
    problem = json.loads(response.text)
    assert problem["error"]
    assert problem["status"] == response.status_code


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """False for what is no fault: each is told by the document, but not by its schemas."""
    kind = type(failure).__name__
    error = response.text if kind in ("ServerError", "RejectedPositiveData") else ""
    if kind == "ServerError":
        return not (response.status_code == 500 and CANNOT_LISTEN.match(json.loads(error)["error"]))
    if kind == "RejectedPositiveData":
        return response.status_code != 417 and not RULES.search(error)
    # A body of null is an empty one.
    return not (kind == "AcceptedNegativeData" and case.body is None)
