"""A client of MongoDB, PyMongo's, led by a test: see tests/support/servers/mongo_drivers.py."""

import json
import sys

import pymongo
from pymongo import errors, monitoring
from pymongo.read_concern import ReadConcern


class Watch(monitoring.ServerHeartbeatListener):
    """Counts the answers to heartbeats that came without being asked for."""

    streamed = 0

    def started(self, event):
        pass

    def succeeded(self, event):
        self.streamed += event.awaited

    def failed(self, event):
        pass


class Client:
    """One MongoClient, which the first call opens."""

    def __init__(self):
        self.client = None
        self.watch = Watch()

    def open(self, uri, **options):
        self.client = pymongo.MongoClient(uri, event_listeners=[self.watch], **options)
        return {}

    def collection(self, name):
        return self.client["shop"][name]

    def insert(self, to, documents, many=False):
        if many:
            return {"count": len(self.collection(to).insert_many(documents).inserted_ids)}
        for each in documents:
            self.collection(to).insert_one(each)
        return {"count": len(documents)}

    def unacknowledged(self, to, document):
        self.collection(to).with_options(
            write_concern=pymongo.WriteConcern(w=0)).insert_one(document)
        return {}

    def find(self, of, query, batch=0):
        return {"found": list(self.collection(of).find(query, batch_size=batch))}

    def count(self, of):
        return {"count": self.collection(of).count_documents({})}

    def drop(self):
        self.client.drop_database("shop")
        return {}

    def transaction(self, to, documents):
        tries = 0

        def body(session):
            nonlocal tries
            tries += 1
            for each in documents:
                self.collection(to).insert_one(dict(each), session=session)

        with self.client.start_session() as session:
            session.with_transaction(body, read_concern=ReadConcern("local"))
        return {"tries": tries}

    def commit(self, to, document):
        with self.client.start_session() as session:
            session.start_transaction()
            self.collection(to).insert_one(document, session=session)
            session.commit_transaction()
        return {}

    def members(self):
        """Whom it knows: host:port of each, and of the primary."""
        def text(pair):
            return pair and f"{pair[0]}:{pair[1]}"

        self.client.admin.command("ping")
        return {"nodes": sorted(text(each) for each in self.client.nodes),
                "primary": text(self.client.primary),
                "streamed": self.watch.streamed}


def said(error):
    details = getattr(error, "details", None) or {}
    return {"error": type(error).__name__, "text": str(error)[:300],
            "code": details.get("code"), "name": details.get("codeName"),
            "labels": sorted(getattr(error, "_error_labels", ()))}


def main():
    client = Client()
    for line in sys.stdin:
        call = json.loads(line)
        try:
            made = getattr(client, call.pop("call"))(**call)
        except errors.PyMongoError as error:
            made = said(error)
        print(json.dumps(made), flush=True)


main()
