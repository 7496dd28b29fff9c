"""What tests of clients that stay inside a proxy of Kafka do and look at."""

import json
import subprocess

from kafka_operations import unique
from operations import stats
from servers.connection_watch import ConnectionWatch
from servers.process import require


def watching(proxy_server, cluster):
    return ConnectionWatch(lambda: {port_of(each) for each in cluster.addresses.values()},
                           proxy_server.process.pid)


def make(proxy_server, cluster, name="kafka", upstream=None, **more):
    return proxy_server.api.create_proxy(name, upstream or cluster.addresses[1], protocol="kafka",
                                         **more)


def port_of(address):
    return int(address.rsplit(":", 1)[1])


def seen(proxy):
    """Where clients reach each broker, and where it is, as the proxy tells."""
    told = proxy.api.json("GET", f"/proxies/{proxy.name}")["brokers"]["seen"]
    assert stats(proxy).get("brokers", []) == told
    return ({each["id"]: each["listen"] for each in told},
            {each["id"]: each["upstream"] for each in told})


def assert_inside(proxy):
    """By the proxy's own account."""
    told = stats(proxy)
    assert told["rewritten"] > 0
    assert (told["bypass"], told["unknown"], told["connections"]["not_followed"]) == (0, 0, 0)


def addresses_of(proxy):
    return {proxy.listen, *seen(proxy)[0].values()}


def told_by(broker):
    """Where a client is told that the brokers are."""
    done = subprocess.run([require("kcat", "kcat"), "-b", broker, "-L", "-J"],
                          capture_output=True, text=True, timeout=30)
    return {each["id"]: each["name"] for each in json.loads(done.stdout)["brokers"]}


def new_topic(java, server, partitions=1, replicas=None):
    name = unique("topic")
    admin = unique("admin")
    java.open("admin", admin, server)
    how = {"replicas": replicas} if replicas else {"partitions": partitions}
    java.call("admin.create", admin, topic=name, **how)
    java.call("admin.close", admin)
    return name
