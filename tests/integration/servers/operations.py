"""What tests of toxics on single statements do and look at."""

import json


def add(proxy, match=None, trigger=None, name="fault", **attributes):
    """Adds a toxic of the type postgres; its name."""
    body = {"type": "postgres", "name": name, "attributes": attributes, "match": match or {},
            "trigger": trigger or {}}
    return proxy.api.json("POST", f"/proxies/{proxy.name}/toxics", body)["name"]


def journal(proxy, kind):
    """The records of that kind."""
    lines = proxy.api.text("GET", f"/journal?kind={kind}").splitlines()
    return [json.loads(line) for line in lines]


def stats(proxy):
    """Its counters."""
    return proxy.api.json("GET", f"/proxies/{proxy.name}/stats")


def hits(proxy):
    """Of all its toxics."""
    return stats(proxy)["hits"]


def ids(postgres):
    """What the table `notes` holds, asked without a proxy."""
    return {int(line) for line in postgres.query("SELECT id FROM notes").split()}


def not_followed(proxy):
    """How many connections the counters say, and the reasons in the journal."""
    return (stats(proxy)["connections"]["not_followed"],
            [each["reason"] for each in journal(proxy, "not_followed")])


def shop(api, server):
    """A proxy that follows what goes to the server, which has the tables that probes use."""
    server.query("CREATE TABLE notes (id int PRIMARY KEY); CREATE TABLE stock (n int); "
                 "INSERT INTO stock VALUES (10)")
    return api.create_proxy("postgres", server.address, protocol="postgres")


def stock(server):
    """What is left of the 10: each statement of a probe that is committed takes one."""
    return int(server.query("SELECT n FROM stock"))
