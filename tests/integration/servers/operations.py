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


def hits(proxy):
    """Of all its toxics."""
    return proxy.api.json("GET", f"/proxies/{proxy.name}/stats")["hits"]


def ids(postgres):
    """What the table `notes` holds, asked without a proxy."""
    return {int(line) for line in postgres.query("SELECT id FROM notes").split()}
