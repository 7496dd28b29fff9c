"""The rules of Kubernetes' Pod Security Standard `restricted`, and limits beside them."""

_VOLUMES = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim",
            "projected", "secret"}


def _of_container(container, pod):
    own = container.get("securityContext", {})
    both = {**pod.get("securityContext", {}), **own}
    capabilities = own.get("capabilities", {})
    yield both.get("runAsNonRoot") is True, "runAsNonRoot"
    yield both.get("runAsUser") != 0, "runAsUser"
    yield (both.get("seccompProfile", {}).get("type") in ("RuntimeDefault", "Localhost"),
           "seccompProfile")
    yield own.get("allowPrivilegeEscalation") is False, "allowPrivilegeEscalation"
    yield not own.get("privileged", False), "privileged"
    yield capabilities.get("drop") == ["ALL"], "capabilities.drop"
    yield set(capabilities.get("add", [])) <= {"NET_BIND_SERVICE"}, "capabilities.add"
    yield all("hostPort" not in port for port in container.get("ports", [])), "hostPort"
    # Not of the standard, but what one wants of a stranger in one's pods.
    yield own.get("readOnlyRootFilesystem") is True, "readOnlyRootFilesystem"
    for kind in ("requests", "limits"):
        yield ({"cpu", "memory"} <= container.get("resources", {}).get(kind, {}).keys(),
               f"resources.{kind}")


def violations(pod):
    """What a pod's `spec` has against the rules: a list of `container: field`."""
    found = [f"pod: {name}" for name in ("hostNetwork", "hostPID", "hostIPC") if pod.get(name)]
    found += [f"volume {each['name']}" for each in pod.get("volumes", [])
              if not (each.keys() - {"name"}) <= _VOLUMES]
    for container in pod.get("initContainers", []) + pod["containers"]:
        found += [f"{container['name']}: {field}"
                  for kept, field in _of_container(container, pod) if not kept]
    return found
