"""Clients of MongoDB, each in a process of its own."""

from servers.driver_process import DriverProcess
from servers.drivers import make_node, make_python, prepared
from servers.process import require


def pymongo():
    """The folder of a Python that has PyMongo."""
    return prepared("pymongo", make_python)


def _pymongo():
    return [pymongo() / "bin/python", pymongo() / "client.py"]


def _node():
    return [require("node", "nodejs"), prepared("mongodb-node", make_node) / "client.js"]


DRIVERS = {"pymongo": _pymongo, "node": _node}


class MongoClient(DriverProcess):
    """A context manager: a client of `uri`, which waits no longer than some seconds."""

    def __init__(self, uri, driver="pymongo", **options):
        super().__init__(DRIVERS[driver]())
        self.call("open", uri=uri, **{"serverSelectionTimeoutMS": 5000, "heartbeatFrequencyMS": 500,
                                      **options})
