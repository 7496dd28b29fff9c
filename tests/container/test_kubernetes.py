"""The manifests of examples/kubernetes: rendered, judged, and what they say run on the engine."""

import copy
import http.client
import re

import pytest

from kubernetes_kit.restricted import violations
from kubernetes_kit.tools import rendered, schema_errors
from servers.proxy_server import ROOT
from servers.waiting import wait_until

EXAMPLES = ROOT / "examples" / "kubernetes"
VARIANTS = ("base", "orders")


@pytest.fixture(scope="module")
def manifests():
    return {name: rendered(EXAMPLES / name) for name in VARIANTS}


def of_kind(kind, manifests):
    [found] = (each for each in manifests if each["kind"] == kind)
    return found


def pod_of(manifests):
    return of_kind("Deployment", manifests)["spec"]["template"]["spec"]


def aconite_in(pod):
    [found] = (each for each in pod.get("initContainers", []) + pod["containers"]
               if each["name"] == "aconite")
    return found


def test_they_are_what_the_readme_says_to_apply():
    commands = (EXAMPLES / "README.md").read_text()
    assert tuple(re.findall(r"^kubectl apply -k examples/kubernetes/(\w+)$", commands,
                            re.M)) == VARIANTS


@pytest.mark.parametrize("variant", VARIANTS)
def test_they_follow_the_schemas_and_the_restricted_standard(manifests, variant):
    assert schema_errors(manifests[variant]) == []
    assert violations(pod_of(manifests[variant])) == []


def test_names_in_the_service_and_the_volume_are_those_of_the_deployment(manifests):
    base = manifests["base"]
    ports = {each["name"]: each["containerPort"] for each in aconite_in(pod_of(base))["ports"]}
    service = of_kind("Service", base)["spec"]
    assert {each["targetPort"]: each["port"] for each in service["ports"]} == ports
    template = of_kind("Deployment", base)["spec"]["template"]
    assert service["selector"].items() <= template["metadata"]["labels"].items()
    for variant in VARIANTS:
        [volume] = pod_of(manifests[variant])["volumes"]
        name = of_kind("ConfigMap", manifests[variant])["metadata"]["name"]
        assert volume["configMap"]["name"] == name


def without(*path):
    def change(pod):
        for name in path[:-1]:
            pod = pod[name]
        del pod[path[-1]]
    return change


def with_value(value, *path):
    def change(pod):
        for name in path[:-1]:
            pod = pod[name]
        pod[path[-1]] = value
    return change


@pytest.mark.parametrize("change, names", [
    (with_value("lots", "containers", 0, "ports", 0, "containerPort"), "'lots'"),
    (with_value({}, "containers", 0, "readinesProbe"), "readinesProbe"),
    (without("containers", 0, "name"), "'name' is a required property"),
])
def test_the_schemas_find_what_is_wrong(manifests, change, names):
    wrong = copy.deepcopy(manifests["base"])
    change(pod_of(wrong))
    found = schema_errors(wrong)
    assert len(found) == 2 and all(names in each for each in found), found


@pytest.mark.parametrize("change, names", [
    (without("securityContext", "runAsNonRoot"), "runAsNonRoot"),
    (with_value(0, "securityContext", "runAsUser"), "runAsUser"),
    (without("securityContext", "seccompProfile"), "seccompProfile"),
    (without("containers", 0, "securityContext", "allowPrivilegeEscalation"),
     "allowPrivilegeEscalation"),
    (with_value(["NET_RAW"], "containers", 0, "securityContext", "capabilities", "drop"),
     "capabilities.drop"),
    (with_value(["NET_ADMIN"], "containers", 0, "securityContext", "capabilities", "add"),
     "capabilities.add"),
    (with_value(True, "hostNetwork"), "hostNetwork"),
    (with_value({"name": "proxies", "hostPath": {"path": "/"}}, "volumes", 0), "proxies"),
    (without("containers", 0, "resources", "limits"), "resources.limits"),
])
def test_the_standard_finds_what_is_wrong(manifests, change, names):
    wrong = copy.deepcopy(pod_of(manifests["base"]))
    change(wrong)
    [found] = violations(wrong)
    assert names in found


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_image_runs_as_they_say_and_answers_their_probes(engine, aconite_image, manifests,
                                                             variant, tmp_path):
    pod = pod_of(manifests[variant])
    aconite = aconite_in(pod)
    security = {**pod["securityContext"], **aconite["securityContext"]}
    limits = aconite["resources"]["limits"]
    for name, text in of_kind("ConfigMap", manifests[variant])["data"].items():
        (tmp_path / name).write_text(text)
    tmp_path.chmod(0o755)
    engine.docker(
        "run", "--detach", "--name", "aconite", "--read-only", "--cap-drop", "ALL",
        "--security-opt", "no-new-privileges", "--cpus", limits["cpu"],
        "--user", f"{security['runAsUser']}:{security['runAsGroup']}",
        "--memory", limits["memory"].replace("Mi", "m"),
        "--volume", f"{tmp_path}:{aconite['volumeMounts'][0]['mountPath']}:ro",
        aconite_image, *aconite["args"])
    address = engine.docker("inspect", "-f", "{{.NetworkSettings.IPAddress}}", "aconite").strip()
    ports = {each["name"]: each["containerPort"] for each in aconite["ports"]}

    def status(path, port):
        connection = http.client.HTTPConnection(address, port, timeout=5)
        try:
            connection.request("GET", path, headers={"User-Agent": "kube-probe/1.33"})
            return connection.getresponse().status
        except ConnectionError:
            return None
        finally:
            connection.close()

    probes = [probe["httpGet"] for name, probe in aconite.items() if name.endswith("Probe")]
    assert len(probes) >= 2
    with engine.inside():
        for probe in probes:
            wait_until(lambda: status(probe["path"], ports[probe["port"]]) == 200, probe)
    listed = engine.docker("exec", "aconite", "/aconite", "list")
    assert "redis" in listed and "enabled" in listed
