"""Layers know only what is below them: fails on an include that points up or sideways.

    include/aconite  <-  toxics, proxy, embedding  <-  api  <-  api/daemon, clients/cli, clients/experiment

proxy and api have floors of their own: a floor knows those below it. docs/architecture.md draws them.
"""

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tree import cpp_files, includes, project_target, report

ASIO = r"boost/asio"
HTTP = r"boost/beast"
JSON = r"nlohmann/"
# Text only, headers for whoever reads lists, lines and numbers.
TEXT = ("proxy/net/letters.hpp", "proxy/net/split.hpp", "proxy/net/number.hpp")
SOCKETS = r"(sys/(socket|epoll|un|uio|ioctl)|netinet/\w+|arpa/\w+|netdb|poll)\.h$"


@dataclass(frozen=True)
class Layer:
    """What the files below `folder` may include of the project and may not from outside."""

    folder: str
    knows: tuple[str, ...]
    never: tuple[str, ...] = ()
    only: str = field(default=r".*")  # what everything from outside must match


def floors(house: str, names: tuple[str, ...], knows: tuple[str, ...],
           never: tuple[str, ...] = ()) -> tuple[Layer, ...]:
    """A layer for each folder of `house`, which are named from top to bottom."""
    folders = [f"{house}/{name}" for name in names]
    return tuple(Layer(folder, (*knows, *folders[above:]), never)
                 for above, folder in enumerate(folders, 1))


COMMAND_LINE = ("verbs", "replay", "help", "doctor", "demo", "line", "text")

LAYERS = (
    Layer("include/aconite/testing", knows=("include/aconite",),
          only=r"[a-z_0-9]+$|gtest/|catch2/"),
    Layer("include/aconite", knows=(), only=r"[a-z_0-9]+$|boost/system/"),
    Layer("toxics", knows=("include/aconite", *TEXT), never=(ASIO, HTTP, JSON, SOCKETS)),
    *floors("proxy", ("engine", "forwarding", "admission", "pipeline", "record", "net", "loop"),
            knows=("include/aconite",), never=(HTTP, JSON)),
    Layer("embedding", knows=("include/aconite",), never=(ASIO, HTTP, JSON, SOCKETS)),
    Layer("api/daemon", knows=("include/aconite", "toxics", "proxy", "api", "clients")),
    *floors("api", ("routes", "openapi", "http", "json"),
            knows=("include/aconite", "toxics", "proxy", "api/options.hpp", "api/version.hpp")),
    Layer("api", knows=("include/aconite",)),
    Layer("clients/cpp", knows=("include/aconite", *TEXT)),
    *floors("clients/cli", COMMAND_LINE, knows=("include/aconite", "api", "clients/cpp", *TEXT)),
    Layer("clients/cli", knows=("include/aconite", "api", "clients/cpp", *TEXT,
                                *(f"clients/cli/{name}" for name in COMMAND_LINE))),
    *floors("clients/experiment",
            ("verbs", "show", "run", "report", "actions", "load", "probes", "plan", "file", "values"),
            knows=("include/aconite", "api/json", "clients/cpp", *TEXT)),
    Layer("clients/experiment", knows=("clients/experiment/verbs",)),
)


def layer_of(file: Path) -> Layer | None:
    """The most special layer that holds the file."""
    return next((layer for layer in LAYERS if file.is_relative_to(layer.folder)), None)


def problem_of(layer: Layer, file: Path, name: str) -> str | None:
    """What is wrong with one include, None if nothing."""
    target = project_target(file, name)
    if target is None:
        if any(re.match(pattern, name) for pattern in layer.never):
            return f"{layer.folder} must not know {name}"
        if not re.match(layer.only, name):
            return f"{layer.folder} may use only the standard library and Boost.System, not {name}"
        return None
    # A folder of its own layer (api/daemon) is not open to the layer around it.
    home = layer_of(target)
    home_folder = home.folder if home else str(target.parent)
    allowed = (layer.folder, *layer.knows)
    open_to = any(target.is_relative_to(folder) for folder in allowed)
    if home and home_folder not in allowed and home_folder.startswith(f"{layer.folder}/"):
        open_to = False
    return None if open_to else f"{layer.folder} must not know {target}"


def main() -> int:
    problems = []
    checked = 0
    for folder in ("include", "toxics", "proxy", "embedding", "api", "clients"):
        for file in cpp_files(folder):
            checked += 1
            layer = layer_of(file)
            if layer is None:
                problems.append(f"{file}: belongs to no layer that check_layers.py knows")
                continue
            for line, name in includes(file):
                if problem := problem_of(layer, file, name):
                    problems.append(f"{file}:{line}: {problem}")
    return report(problems, checked, "files checked")


if __name__ == "__main__":
    sys.exit(main())
