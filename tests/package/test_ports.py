"""The vcpkg port and the Conan recipe, as far as they can be tried without their registries."""

import json
import os
import re

import pytest
from compat_kit.installs import python_with, run
from release_build import ROOT

PORT = ROOT / "packaging/vcpkg/ports/aconite"
RECIPE = ROOT / "packaging/conan"


@pytest.fixture(scope="module")
def version():
    """The project's."""
    return re.search(r"project\(aconite VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text())[1]


@pytest.fixture(scope="module")
def conan(tmp_path_factory):
    """Runs Conan with a home of its own, from which no registry is asked."""
    program = [python_with("conan", ROOT / "tests/package/requirements.txt"), "-m", "conans.conan"]
    home = tmp_path_factory.mktemp("conan")
    environment = {**os.environ, "CONAN_HOME": str(home)}
    run(*program, "remote", "disable", "*", env=environment)

    def conan_run(*arguments):
        out = run(*program, *arguments, "--format=json", env=environment)
        return json.loads(out[out.index("{"):])

    conan_run.home = home
    return conan_run


def test_the_port_has_the_version_and_names_its_features(version):
    manifest = json.loads((PORT / "vcpkg.json").read_text())
    assert (manifest["name"], manifest["version"]) == ("aconite", version)
    portfile = (PORT / "portfile.cmake").read_text()
    for feature in manifest["features"]:
        assert f"FEATURES {feature} " in portfile


def test_the_options_of_the_port_are_the_project_s():
    known = set(re.findall(r"option\((ACONITE_\w+)", (ROOT / "CMakeLists.txt").read_text()))
    used = set(re.findall(r"ACONITE_BUILD_[A-Z]+", (PORT / "portfile.cmake").read_text()))
    assert used
    assert used <= known


def test_the_recipe_is_taken_and_has_all_sources(conan, version, tmp_path):
    told = conan("inspect", RECIPE)
    assert (told["name"], told["version"], told["license"]) == ("aconite", version, "MIT")
    conan("export", RECIPE)
    sources = next(conan.home.glob("p/*/es"))
    run("cmake", "-S", sources, "-B", tmp_path, "-G", "Ninja", "-DACONITE_BUILD_PROGRAM=OFF",
        "-DACONITE_BUILD_TESTS=OFF", "-DACONITE_BUILD_CLIENT=ON",
        "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON")
    compiled = {entry["file"] for entry in
                json.loads((tmp_path / "compile_commands.json").read_text())}
    wanted = {path for folder in ("proxy", "toxics", "embedding", "clients/cpp")
              for path in (ROOT / folder).rglob("*.cpp")}
    assert {os.path.relpath(file, sources) for file in compiled} == {
        os.path.relpath(path, ROOT) for path in wanted}
