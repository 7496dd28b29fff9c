"""The image: what is in it, what it needs, and that it stands in for Toxiproxy's."""

import json
import re
import time

import pytest

from containers import CONTROL_PORT, Container
from servers.proxy_server import ROOT
from servers.raw import RawConnection
from servers.rest import RestClient


def test_the_image_is_small_and_tells_what_it_is(images, aconite_image):
    found = json.loads(images.docker("image", "inspect", aconite_image))[0]
    version = re.search(r"project\(aconite VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text())[1]
    config = found["Config"]
    prefix = "org.opencontainers.image."
    assert found["Size"] < 40_000_000
    assert config["User"] == "65534:65534"
    assert config["Entrypoint"] == ["/toxiproxy"] and config["Cmd"] == ["-host=0.0.0.0"]
    assert list(config["ExposedPorts"]) == [f"{CONTROL_PORT}/tcp"]
    assert config["Healthcheck"]["Test"] == ["CMD", "/aconite", "health"]
    assert config["Labels"][prefix + "title"] == "aconite"
    assert config["Labels"][prefix + "version"] == version
    assert config["Labels"][prefix + "licenses"] == "MIT"


def test_it_needs_no_file_no_user_and_no_right(engine, aconite_image):
    container = Container.run(engine, aconite_image, options=(
        "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges",
        "--memory", "64m", "--pids-limit", "64", "--publish", "8474:8474"))
    container.wait_until_healthy()
    with engine.inside():
        assert RestClient(CONTROL_PORT).create_proxy("itself", "localhost:8474", "0.0.0.0:80").port == 80
    process = engine.docker("top", container.identity, "-eo", "pid,uid,gid,comm").split()[5:]
    assert process == ["65534", "65534", "toxiproxy"]
    assert engine.docker("diff", container.identity) == ""


def test_names_are_found_without_libraries(engine, aconite_image, network):
    """By Docker's name server, in /etc/hosts, where --add-host writes, and localhost."""
    address = Container(engine, "upstream").inspect()["NetworkSettings"]["Networks"][network][
        "IPAddress"]
    container = Container.run(engine, aconite_image, options=(
        "--network", network, "--add-host", f"elsewhere:{address}", "--publish-all",
        *(word for port in range(8666, 8669) for word in ("--expose", port))))
    with engine.inside():
        api = container.api()
        for port, name in enumerate(["upstream", "elsewhere", "localhost"], 8666):
            api.create_proxy(name, f"{name}:{CONTROL_PORT}", f"0.0.0.0:{port}")
            assert RestClient(container.published(port)).json("GET", "/version")


def test_the_command_line_works_in_the_container(engine, aconite_image, network):
    container = Container.run(engine, aconite_image,
                              options=("--network", network, "--publish", "8666:8666"))
    container.wait_until_healthy()
    container.execute("/toxiproxy-cli", "create", "web", "--listen", "0.0.0.0:8666",
                      "--upstream", f"upstream:{CONTROL_PORT}")
    container.execute("/toxiproxy-cli", "toxic", "add", "web", "-t", "latency",
                      "-a", "latency=300")
    assert "web" in container.execute("/toxiproxy-cli", "list")
    with engine.inside():
        began = time.monotonic()
        RestClient(8666).json("GET", "/version")
        assert time.monotonic() - began >= 0.3
    container.execute("/aconite", "assert", "web", "hits>=1")
    unhealthy = engine.run("docker", "exec", container.identity, "/aconite", "--host",
                           "http://localhost:1", "health", check=False)
    assert unhealthy.returncode == 1


def test_it_takes_the_arguments_of_toxiproxys_image(engine, aconite_image, tmp_path):
    config = tmp_path / "toxiproxy.json"
    config.write_text(json.dumps([{"name": "web", "listen": "0.0.0.0:8666",
                                   "upstream": f"localhost:{CONTROL_PORT}", "enabled": True}]))
    config.chmod(0o644)
    container = Container.run(
        engine, aconite_image, "-host=0.0.0.0", "-config", "/toxiproxy.json", options=(
            "--volume", f"{config}:/toxiproxy.json:ro", "--publish-all", "--expose", 8666))
    with engine.inside():
        assert list(container.api().json("GET", "/proxies")) == ["web"]
        assert RestClient(container.published(8666)).json("GET", "/version")


def test_it_stops_at_once_also_with_open_connections(engine, aconite_image):
    container = Container.run(engine, aconite_image,
                              options=("--publish-all", "--expose", 8666))
    with engine.inside():
        container.api().create_proxy("web", f"localhost:{CONTROL_PORT}", "0.0.0.0:8666")
        with RawConnection("127.0.0.1", container.published(8666)):
            began = time.monotonic()
            engine.docker("stop", "--time", 30, container.identity)
            assert time.monotonic() - began < 5
    assert container.inspect()["State"]["ExitCode"] == 0


def test_the_commands_of_its_page_work(engine, aconite_image):
    commands = "".join(re.findall(r"^```sh\n(.*?)^```", (ROOT / "docs/container.md").read_text(),
                                  re.M | re.S))
    shown = engine.run("bash", "-euxc", commands, cwd=ROOT).stdout
    assert re.search(r"redis\s+\S+:16379\s+redis:6379", shown), shown
    assert engine.leftovers() == []
