"""The package itself: what pip makes of it, its types, its version, its README."""

import ast
import os
import re
import zipfile
from pathlib import Path

import aconite
from compat_kit.installs import python_with, run
from conftest import PACKAGE, ROOT

HERE = Path(__file__).resolve().parent
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_wheel_has_everything(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    sources = {str(each.relative_to(PACKAGE / "src")) for each in PACKAGE.glob("src/**/*.py")}
    assert sources | {"aconite/py.typed"} <= names
    assert any(name.endswith("/LICENSE") for name in names)


def test_installed_it_is_imported(installed_python, tmp_path):
    said = run(installed_python, "-c",
               "import aconite; print(aconite.__version__, aconite.__file__)", cwd=tmp_path)
    version, file = said.split()
    assert version == aconite.__version__
    assert Path(file).is_relative_to(installed_python.parents[1])


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
        package_copy, empty_python, tmp_path, monkeypatch, clean_environment, aconite_binary):
    python = empty_python()
    (tmp_path / "clients").mkdir()
    (tmp_path / "clients/python").symlink_to(package_copy)
    (tmp_path / "build/release").mkdir(parents=True)
    (tmp_path / "build/release/bin").symlink_to(Path(aconite_binary).parent)
    monkeypatch.delenv("ACONITE_BIN")
    for folder in (tmp_path / "build/release/bin", python.parent):
        monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_NO_BUILD_ISOLATION", "0")  # 0: none, as pip reads it

    (shell, install), (language, client) = BLOCK.findall(
        (PACKAGE / "README.md").read_text())
    assert (shell, language) == ("sh", "python")
    run("sh", "-ec", install, cwd=tmp_path)
    (tmp_path / "client.py").write_text(client)
    said = run(python, "client.py", cwd=tmp_path)
    assert "proxy created" in said and "127.0.0.1" in said
