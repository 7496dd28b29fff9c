"""Client of aconite, the fault-injecting TCP proxy, and of Toxiproxy 2.x for what that one has.

    server = aconite.Server("http://localhost:8474")
    redis = server.create_proxy("redis", upstream="localhost:6379")
    with redis.add_toxic("latency", attributes={"latency": 500}):
        ...  # connect to redis.address

Every call asks the server once and waits for the answer, no longer than the server's `timeout`.
What goes wrong is an `AconiteError`.
"""

from .conditions import Compared
from .errors import (
    AconiteError,
    ApiError,
    ConditionFailed,
    Conflict,
    Ignored,
    NotFound,
    NotStarted,
    SomeFailed,
    Unreachable,
    Unsupported,
)
from .journal import Follower, Journal, Record
from .lease import Lease
from .process import ServerProcess
from .proxy import Proxy
from .server import Connection, Ready, Reconfigured, Server
from .servers import Servers
from .stats import ProxyStats, ToxicStats
from .toxic import Match, ScheduleStep, Stream, Toxic, Trigger
from .version import __version__

__all__ = [
    "AconiteError",
    "ApiError",
    "Compared",
    "ConditionFailed",
    "Conflict",
    "Connection",
    "Follower",
    "Ignored",
    "Journal",
    "Lease",
    "Match",
    "NotFound",
    "NotStarted",
    "Proxy",
    "ProxyStats",
    "Ready",
    "Reconfigured",
    "Record",
    "ScheduleStep",
    "Server",
    "ServerProcess",
    "Servers",
    "SomeFailed",
    "Stream",
    "Toxic",
    "ToxicStats",
    "Trigger",
    "Unreachable",
    "Unsupported",
    "__version__",
]
