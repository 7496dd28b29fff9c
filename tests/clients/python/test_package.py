"""The package itself: what pip makes of it, its types, its version, its README."""

import ast
import os
import re
import sys
import zipfile
from pathlib import Path

import pytest

import aconite
from compat_kit.installs import python_with, run
from conftest import PACKAGE, ROOT
from servers.redis_server import RedisServer

HERE = Path(__file__).resolve().parent
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def redis_address():
    redis = RedisServer()
    yield redis.address
    redis.stop()


def test_the_wheel_has_everything(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    sources = {str(each.relative_to(PACKAGE / "src")) for each in PACKAGE.glob("src/**/*.py")}
    assert sources | {"aconite/py.typed"} <= names
    assert any(name.endswith("/LICENSE") for name in names)


def test_installed_it_is_imported_and_the_plugin_found(installed_python, tmp_path):
    said = run(installed_python, "-c",
               "import aconite; print(aconite.__version__, aconite.__file__)", cwd=tmp_path)
    version, file = said.split()
    assert version == aconite.__version__
    assert Path(file).is_relative_to(installed_python.parents[1])
    said = run(installed_python, "-m", "pytest", "-p", "no:cacheprovider", "--help", cwd=tmp_path)
    assert "--aconite-bin=PATH" in said and "--aconite-url=URL" in said


def test_the_client_needs_no_pytest(wheel, tmp_path):
    said = run(sys.executable, "-I", "-S", "-c",
               f"import sys; sys.path.append({str(wheel)!r}); import aconite; "
               "print('pytest' in sys.modules)", cwd=tmp_path)
    assert said == "False\n"


def test_its_version_is_the_projects():
    text = (ROOT / "CMakeLists.txt").read_text()
    assert re.search(r"project\(aconite VERSION (\S+)", text)[1] == aconite.__version__


def test_python_3_9_can_read_it():
    for file in PACKAGE.glob("src/**/*.py"):
        ast.parse(file.read_text(), str(file), feature_version=(3, 9))


def test_its_types_are_strict():
    python = python_with("mypy", HERE / "requirements.txt")
    run(python, "-m", "mypy", "--strict", "--cache-dir", python.parents[1] / "cache",
        "--package", "aconite", cwd=PACKAGE / "src")


def test_the_readme_is_true(
        package_copy, empty_python, tmp_path, monkeypatch, clean_environment, redis_address,
        aconite_binary):
    python = empty_python()
    (tmp_path / "clients").mkdir()
    (tmp_path / "clients/python").symlink_to(package_copy)
    (tmp_path / "build/release").mkdir(parents=True)
    (tmp_path / "build/release/bin").symlink_to(Path(aconite_binary).parent)
    monkeypatch.delenv("ACONITE_BIN")
    monkeypatch.setenv("REDIS_ADDRESS", redis_address)
    for folder in (tmp_path / "build/release/bin", python.parent):
        monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
    monkeypatch.setenv("PIP_NO_INDEX", "1")  # Debian's redis and pytest are there
    monkeypatch.setenv("PIP_NO_BUILD_ISOLATION", "0")  # 0: none, as pip reads it

    (shell, install), (_, test), (_, use), (language, client) = BLOCK.findall(
        (PACKAGE / "README.md").read_text())
    assert (shell, language) == ("sh", "python")
    run("sh", "-ec", install, cwd=tmp_path)
    (tmp_path / "test_redis.py").write_text(test)
    said = run("sh", "-ec", use, cwd=tmp_path)
    assert f" {test.count('def test_')} passed" in said
    (tmp_path / "client.py").write_text(client)
    said = run(python, "client.py", cwd=tmp_path)
    assert "proxy created" in said and "127.0.0.1" in said
