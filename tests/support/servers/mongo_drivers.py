"""A client of MongoDB in a process of its own."""

from servers.driver_process import DriverProcess
from servers.drivers import make_python, prepared


class MongoClient(DriverProcess):
    """A context manager: PyMongo's client of `uri`, which waits no longer than some seconds."""

    def __init__(self, uri, **options):
        folder = prepared("pymongo", make_python)
        super().__init__([folder / "bin/python", folder / "client.py"])
        self.call("open", uri=uri, **{"serverSelectionTimeoutMS": 5000, "heartbeatFrequencyMS": 500,
                                      **options})
