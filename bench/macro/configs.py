"""The peers' configurations: forward each listen port to its upstream port, log nothing.

`routes` are pairs of such ports of 127.0.0.1. `threads` are those that move data; None leaves it to
the program.
"""

from collections.abc import Callable

CONNECTIONS = 4000  # at most; each costs a proxy two descriptors or more


def haproxy(routes: list, threads: int | None, splice: bool) -> str:
    # splice-auto, the documented default choice, hardly ever splices; these two always do.
    options = "option splice-request\n    option splice-response" if splice else ""
    head = f"""\
global
    {f"nbthread {threads}" if threads else ""}
    maxconn {CONNECTIONS}
defaults
    mode tcp
    timeout connect 5s
    timeout client 5m
    timeout server 5m
    retries 0
    {options}
"""
    return head + "".join(
        f"""\
listen bench{listen}
    bind 127.0.0.1:{listen}
    server upstream 127.0.0.1:{upstream}
"""
        for listen, upstream in routes
    )


def nginx(routes: list, threads: int | None, buffer_size: str | None, module: str) -> str:
    """`module` is the file with nginx's streams, empty if they are part of the program."""
    servers = "".join(
        f"""\
    server {{
        listen 127.0.0.1:{listen};
        proxy_pass 127.0.0.1:{upstream};
        {f"proxy_buffer_size {buffer_size};" if buffer_size else ""}
    }}
"""
        for listen, upstream in routes
    )
    return f"""\
{f"load_module {module};" if module else ""}
user root;
daemon off;
pid nginx.pid;
worker_processes {threads or "auto"};
events {{ worker_connections {2 * CONNECTIONS + 100}; }}
stream {{
{servers}}}
"""


def pgbouncer(routes: list) -> str:
    ((listen, upstream),) = routes
    return f"""\
[databases]
* = host=127.0.0.1 port={upstream} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = any
pool_mode = session
max_client_conn = {CONNECTIONS}
log_connections = 0
log_disconnections = 0
"""


def nutcracker(routes: list) -> str:
    ((listen, upstream),) = routes
    return f"""\
redis:
  listen: 127.0.0.1:{listen}
  redis: true
  servers:
   - 127.0.0.1:{upstream}:1
"""


def toxiproxy(routes: list, unused: int = 0, more: dict | None = None) -> list:
    """Proxies that forward, with `more` set, and so many that nobody connects to."""

    def entry(name: str, listen: int, upstream: int) -> dict:
        return {
            "name": name,
            "listen": f"127.0.0.1:{listen}",
            "upstream": f"127.0.0.1:{upstream}",
            "enabled": True,
        }

    return [
        *(entry(f"bench{listen}", listen, upstream) | (more or {}) for listen, upstream in routes),
        *(entry(f"unused{n}", 0, routes[0][1]) for n in range(unused)),
    ]


def _envoy_filter(name: str, kind: str, **settings) -> dict:
    return {
        "name": name,
        "typed_config": {
            "@type": f"type.googleapis.com/envoy.extensions.filters.network.{name}.v3.{kind}",
            "stat_prefix": "bench",
            **settings,
        },
    }


def _envoy_tcp(cluster: str) -> dict:
    return _envoy_filter("tcp_proxy", "TcpProxy", cluster=cluster)


def envoy_redis_filter(cluster: str) -> dict:
    """It reads each command, and sends them on over connections of its own."""
    return _envoy_filter(
        "redis_proxy",
        "RedisProxy",
        settings={"op_timeout": "60s"},
        prefix_routes={"catch_all_route": {"cluster": cluster}},
    )


def envoy(routes: list, filter_of: Callable[[str], dict] = _envoy_tcp) -> dict:
    """`filter_of` is what passes on to the cluster of that name."""
    limits = {name: CONNECTIONS for name in ("max_connections", "max_pending_requests")}

    def address(port: int) -> dict:
        return {"socket_address": {"address": "127.0.0.1", "port_value": port}}

    def listener(listen: int, upstream: int) -> dict:
        return {
            "address": address(listen),
            "filter_chains": [{"filters": [filter_of(f"upstream{upstream}")]}],
        }

    def cluster(upstream: int) -> dict:
        endpoint = {"endpoint": {"address": address(upstream)}}
        return {
            "name": f"upstream{upstream}",
            "type": "STATIC",
            "connect_timeout": "5s",
            "circuit_breakers": {"thresholds": [limits]},
            "load_assignment": {
                "cluster_name": f"upstream{upstream}",
                "endpoints": [{"lb_endpoints": [endpoint]}],
            },
        }

    return {
        "static_resources": {
            "listeners": [listener(*route) for route in routes],
            "clusters": [cluster(upstream) for upstream in {upstream for _, upstream in routes}],
        }
    }
