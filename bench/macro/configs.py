"""The peers' configurations: forward 127.0.0.1:listen to 127.0.0.1:upstream, log nothing."""

from ports import free_port as api_port  # noqa: F401  the port of a control API that nobody calls

CONNECTIONS = 4000  # at most; each costs a proxy two descriptors or more


def haproxy(listen: int, upstream: int, splice: bool) -> str:
    # splice-auto, the documented default choice, hardly ever splices; these two always do.
    options = "option splice-request\n    option splice-response" if splice else ""
    return f"""\
global
    nbthread 1
    maxconn {CONNECTIONS}
defaults
    mode tcp
    timeout connect 5s
    timeout client 5m
    timeout server 5m
    retries 0
    {options}
listen bench
    bind 127.0.0.1:{listen}
    server upstream 127.0.0.1:{upstream}
"""


def nginx(listen: int, upstream: int, buffer_size: str | None) -> str:
    return f"""\
load_module /usr/lib/nginx/modules/ngx_stream_module.so;
user root;
daemon off;
pid nginx.pid;
worker_processes 1;
events {{ worker_connections {2 * CONNECTIONS + 100}; }}
stream {{
    server {{
        listen 127.0.0.1:{listen};
        proxy_pass 127.0.0.1:{upstream};
        {f"proxy_buffer_size {buffer_size};" if buffer_size else ""}
    }}
}}
"""


def toxiproxy(listen: int, upstream: int, unused: int = 0) -> list:
    """One proxy that forwards, and so many that nobody connects to."""

    def entry(name: str, port: int) -> dict:
        return {
            "name": name,
            "listen": f"127.0.0.1:{port}",
            "upstream": f"127.0.0.1:{upstream}",
            "enabled": True,
        }

    return [entry("bench", listen), *(entry(f"unused{n}", 0) for n in range(unused))]


def envoy(listen: int, upstream: int) -> dict:
    def address(port: int) -> dict:
        return {"socket_address": {"address": "127.0.0.1", "port_value": port}}

    proxy = {
        "@type": "type.googleapis.com/"
        "envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy",
        "stat_prefix": "bench",
        "cluster": "upstream",
    }
    limits = {name: CONNECTIONS for name in ("max_connections", "max_pending_requests")}
    endpoint = {"endpoint": {"address": address(upstream)}}
    return {
        "static_resources": {
            "listeners": [
                {
                    "address": address(listen),
                    "filter_chains": [
                        {"filters": [{"name": "tcp_proxy", "typed_config": proxy}]}
                    ],
                }
            ],
            "clusters": [
                {
                    "name": "upstream",
                    "type": "STATIC",
                    "connect_timeout": "5s",
                    "circuit_breakers": {"thresholds": [limits]},
                    "load_assignment": {
                        "cluster_name": "upstream",
                        "endpoints": [{"lb_endpoints": [endpoint]}],
                    },
                }
            ],
        }
    }
