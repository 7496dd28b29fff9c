"""Java trusts whom the system trusts, also where only the system's bundle was replaced."""

from pathlib import Path

import pytest

from compat_kit.installs import run
from servers.maven import trust
from servers.process import require

BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
NO_STORE = ["-Djavax.net.ssl.trustStore=NONE"]


@pytest.fixture
def private(tmp_path):
    """The certificate of an authority that nobody else knows."""
    run(require("openssl", "openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes",
        "-subj", "/CN=aconite's own authority", "-keyout", tmp_path / "key.pem",
        "-out", tmp_path / "authority.pem")
    return (tmp_path / "authority.pem").read_text()


def authorities(option):
    """What is in the store that an option for Java names; it is read without a password."""
    store = option.removeprefix("-Djavax.net.ssl.trustStore=")
    listed = run(require("keytool", "openjdk-17-jdk-headless"), "-list", "-rfc", "-keystore", store,
                 input="\n")
    return listed.count("BEGIN CERTIFICATE"), listed


@pytest.mark.parametrize("java", [[], NO_STORE], ids=["its own store", "no store"])
def test_a_bundle_with_another_authority(java, private, tmp_path):
    bundle = tmp_path / "bundle.crt"
    bundle.write_text(BUNDLE.read_text() + private)
    (option,) = trust(bundle, tmp_path / "store", java)
    count, listed = authorities(option)
    assert private.splitlines()[5] in listed
    assert count > 100


def test_java_s_own_store_does_where_it_has_all(tmp_path, private):
    bundle = tmp_path / "bundle.crt"
    bundle.write_text(private)
    (option,) = trust(bundle, tmp_path / "store")
    assert trust(bundle, tmp_path / "other", [option]) == []


def test_no_bundle_no_store(tmp_path):
    assert trust(tmp_path / "nothing", tmp_path / "store") == []
