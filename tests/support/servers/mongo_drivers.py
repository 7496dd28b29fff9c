"""A client of MongoDB, PyMongo's, in a process of its own."""

from servers.driver_process import DriverProcess
from servers.drivers import make_python, prepared


def pymongo():
    """The folder of a Python that has PyMongo."""
    return prepared("pymongo", make_python)


class MongoClient(DriverProcess):
    """A context manager: a client of `uri`, which waits no longer than some seconds."""

    def __init__(self, uri, **options):
        folder = pymongo()
        super().__init__([folder / "bin/python", folder / "client.py"])
        self.call("open", uri=uri, **{"serverSelectionTimeoutMS": 5000, "heartbeatFrequencyMS": 500,
                                      **options})
