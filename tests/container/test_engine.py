"""The fixture itself: images built with the machine's network, containers in one of their own."""

import pytest

from docker_kit.engine import Mode
from servers.process import ServerError
from servers.waiting import wait_until

IMAGE = "debian:bookworm-slim"


def test_containers_have_names_ports_and_health(engine):
    engine.docker("network", "create", "net")
    engine.docker("run", "--detach", "--name", "server", "--network", "net",
                  "--publish", "7000:7000", "--health-cmd", "test -e /tmp/well",
                  "--health-interval", "200ms", IMAGE, "perl", "-MIO::Socket::INET", "-e",
                  "$s = IO::Socket::INET->new(LocalPort => 7000, Listen => 5) or die $!;"
                  "open F, '>/tmp/well';"
                  "while ($c = $s->accept) { print $c qq(hello\\n); close $c }")
    wait_until(lambda: "(healthy)" in engine.docker("ps", "--format", "{{.Status}}"), "health")

    ask = ("perl", "-MIO::Socket::INET", "-e",
           "print readline(IO::Socket::INET->new(PeerAddr => shift) or die $@)")
    assert engine.docker("run", "--rm", "--network", "net", IMAGE, *ask,
                         "server:7000") == "hello\n"
    assert engine.run(*ask, "127.0.0.1:7000").stdout == "hello\n"

    assert set(engine.leftovers()) == {"server", "net"}
    with pytest.raises(ServerError, match="1 containers run"):
        engine.use(Mode.BUILD)
    engine.sweep()
    assert engine.leftovers() == []


def test_a_build_that_fails_tells_why(images, tmp_path):
    (tmp_path / "Dockerfile").write_text(f"FROM {IMAGE}\nRUN echo on purpose && exit 3\n")
    with pytest.raises(ServerError, match="(?s)on purpose.*non-zero code: 3"):
        images.build("never", tmp_path)
    assert not images.has("never")
    assert images.leftovers() == []
