"""The faults of the toxic `redis` that clients are shown, each a row of the table of the page."""

from dataclasses import dataclass, field

ONCE = {"times": 1}
#: redis-py says INCRBY.
INCR = "INCR,INCRBY"


@dataclass(frozen=True)
class Fault:
    """`title` is its row; `call`: what the client does, a method of Bench; the toxic; `early`: it
    is there before the client."""

    title: str
    call: str
    attributes: dict
    match: dict = field(default_factory=dict)
    trigger: dict = field(default_factory=dict)
    early: bool = False


def _error(word, command, **more):
    if word == "MOVED":
        more["node"] = "127.0.0.1:1"  # where nobody is
    return {"fault": "error", "error": word, **more}, {"command": command}


def _incr(title, fault, trigger=None, **more):
    return Fault(f"INCR: {title}", "incr", {"fault": fault, **more}, {"command": INCR},
                 trigger or {})


FAULTS = (
    *(Fault(f"GET: `{word}`", "get", *_error(word, "GET"))
      for word in ("LOADING", "MASTERDOWN", "CLUSTERDOWN", "MOVED", "NOAUTH", "NOPERM",
                   "WRONGTYPE")),
    *(Fault(f"INCR: `{word}`", "incr", *_error(word, INCR)) for word in ("READONLY", "OOM")),
    *(Fault(f"INCR: `{word}`, once", "incr", *_error(word, INCR), ONCE)
      for word in ("LOADING", "READONLY", "MOVED")),
    *(Fault(f"INCR: `{word}` after, once", "incr", *_error(word, INCR, apply="after"), ONCE)
      for word in ("LOADING", "READONLY")),
    Fault("INCR: `LOADING` after", "incr", *_error("LOADING", INCR, apply="after")),
    Fault("MULTI: `OOM` of a command", "transaction", *_error("OOM", INCR)),
    Fault("MULTI: `EXECABORT` of EXEC", "transaction", *_error("EXECABORT", "EXEC")),
    Fault("MULTI: `READONLY` after, of EXEC, once", "transaction",
          *_error("READONLY", "EXEC", apply="after"), ONCE),
    Fault("MULTI: `lose_reply` of EXEC, `close`, once", "transaction",
          {"fault": "lose_reply", "then": "close"}, {"command": "EXEC"}, ONCE),
    Fault("pipeline: `OOM` of the second", "pipeline", {"fault": "error", "error": "OOM"},
          {"key": "*-b"}),
    Fault("pipeline: `lose_reply` of the second, `close`, once", "pipeline",
          {"fault": "lose_reply", "then": "close"}, {"key": "*-b"}, ONCE),
    _incr("`lose_request`, once", "lose_request", ONCE),
    _incr("`lose_reply`, once", "lose_reply", ONCE),
    _incr("`lose_reply`", "lose_reply"),
    _incr("`lose_reply`, `stall`, once", "lose_reply", ONCE, then="stall"),
    _incr("`disconnect` before, once", "disconnect", ONCE),
    _incr("`disconnect` before", "disconnect"),
    _incr("`disconnect` after, `fin`, once", "disconnect", ONCE, apply="after", cut="fin"),
    _incr("`truncate`, `fin`, once", "truncate", ONCE, bytes=2, cut="fin"),
    Fault("GET: `truncate`, `fin`", "get", {"fault": "truncate", "bytes": 5, "cut": "fin"},
          {"command": "GET"}),
    Fault("GET: `nil`", "get", {"fault": "nil"}, {"command": "GET"}),
    Fault("GET: `stale`", "stale", {"fault": "stale", "age": 3_600_000}, {"command": "GET"}),
    Fault("GET: `delay` 200 ms", "slow", {"fault": "delay", "delay": 200}, {"command": "GET"}),
    Fault("INCR: `delay` 700 ms, once", "late", {"fault": "delay", "delay": 700}, {"command": INCR},
          ONCE),
    Fault("BLPOP: `lose_reply`, once", "pop", {"fault": "lose_reply"}, {"command": "BLPOP"}, ONCE),
    Fault("BLPOP: `nil`, once", "pop", {"fault": "nil"}, {"command": "BLPOP"}, ONCE),
    Fault("SUBSCRIBE: `drop_push`, once", "message", {"fault": "drop_push"}, {"command": "message"},
          ONCE),
    Fault("own cache: `lost_invalidation`", "cached", {"preset": "lost_invalidation"}),
    Fault("connecting: `max_clients`", "get", {"preset": "max_clients"}, early=True),
    Fault("connecting: `loading`", "get", {"preset": "loading"}, early=True),
)
