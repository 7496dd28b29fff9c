"""The library is found and linked in every way that its documentation names."""

import os
import re
import subprocess

import pytest
from compat_kit.installs import run
from release_build import ROOT
from servers.process import require

CONSUMERS = ROOT / "tests/package/consumers"
HEARD = "HELLO 5 bytes, 1 hit\n"


def build(source, folder, *options, target=("consumer",)):
    """Configures and builds one consumer with nothing but CMake's defaults and `options`."""
    run("cmake", "-S", CONSUMERS / source, "-B", folder, "-G", "Ninja",
        f"-DCMAKE_CXX_COMPILER_LAUNCHER={require('ccache', 'ccache')}", *options)
    run("cmake", "--build", folder, "--target", *target)


@pytest.fixture(scope="module")
def prefix(release, tmp_path_factory):
    """Where the release build's libraries were installed."""
    folder = tmp_path_factory.mktemp("prefix")
    run("cmake", "--install", release, "--prefix", folder, "--component", "dev")
    return folder


@pytest.fixture(scope="module")
def found(prefix, tmp_path_factory):
    """The consumer of find_package."""
    folder = tmp_path_factory.mktemp("find_package")
    build("find_package", folder, f"-DCMAKE_PREFIX_PATH={prefix}",
          target=("consumer", "remote_consumer"))
    return folder


def test_find_package(found):
    assert run(found / "consumer") == HEARD


def test_a_server_elsewhere(found, server_url):
    assert run(found / "remote_consumer", server_url) == "latency_downstream 0 hits\n"


def test_find_package_refuses_another_version_and_a_missing_part(prefix, tmp_path):
    for wanted, complaint in (("0.99", "0.99"), ("0.1 COMPONENTS nonsense", "nonsense")):
        (tmp_path / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.24)\nproject(c LANGUAGES CXX)\n"
            f"find_package(aconite {wanted.split()[0]} CONFIG REQUIRED {wanted[4:]})\n")
        refused = subprocess.run(
            ["cmake", "-S", tmp_path, "-B", tmp_path / "build", "-G", "Ninja",
             f"-DCMAKE_PREFIX_PATH={prefix}"], capture_output=True, text=True, check=False)
        assert refused.returncode != 0
        assert complaint in refused.stderr


# These two build the library anew, with the same flags, so that the compiler cache spares the second.
SHARED = "-DBUILD_SHARED_LIBS=ON"


def assert_shared(folder):
    assert run(folder / "consumer") == HEARD
    assert re.search(r"NEEDED.*libaconite\.so\.0\.1", run("readelf", "-d", folder / "consumer"))


def test_add_subdirectory_changes_nothing_of_its_user(tmp_path):
    build("add_subdirectory", tmp_path, f"-DACONITE_SOURCE={ROOT}", SHARED)
    assert_shared(tmp_path)
    assert not (tmp_path / "aconite/aconite").exists()  # the program was not asked for


def test_fetch_content(tmp_path):
    build("fetch_content", tmp_path, f"-DFETCHCONTENT_SOURCE_DIR_ACONITE={ROOT}", SHARED)
    assert_shared(tmp_path)


def test_pkg_config(prefix, tmp_path):
    (configs,) = prefix.rglob("pkgconfig")
    said = run("pkg-config", "--cflags", "--libs", "aconite",
               env={**os.environ, "PKG_CONFIG_PATH": str(configs)}).split()
    run("g++", CONSUMERS / "consumer.cpp", *said, "-o", tmp_path / "consumer")
    assert run(tmp_path / "consumer") == HEARD


@pytest.fixture(scope="module")
def frameworks(prefix, tmp_path_factory):
    folder = tmp_path_factory.mktemp("frameworks")
    build("frameworks", folder, f"-DCMAKE_PREFIX_PATH={prefix}",
          target=("gtest_consumer", "catch2_consumer"))
    return folder


@pytest.mark.parametrize("name, summary", [
    ("gtest_consumer", "[  PASSED  ] 1 test."), ("catch2_consumer", "3 | 1 passed | 2 failed")])
def test_a_fixture_fails_a_test_whose_fault_never_acted(frameworks, name, summary):
    done = subprocess.run([frameworks / name], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert summary in done.stdout
    assert done.stdout.count("toxic latency_downstream of proxy p never acted") == 1
    # Each test that failed shows its journal, the one that passed does not.
    assert done.stdout.count("proxy created") == 2
    assert done.stdout.count("ACONITE_SEED=") == 2


def test_the_toxic_of_the_documentation_is_the_one_that_is_built():
    page = (ROOT / "docs/embedding.md").read_text()
    (toxic,) = re.findall(r"```cpp\n(class shout.*?)```", page, re.DOTALL)
    assert toxic in (CONSUMERS / "consumer.cpp").read_text()
    assert len(toxic.splitlines()) <= 25
