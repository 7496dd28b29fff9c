"""The parts of the whole check, in their order.

A part without `covers` runs every time. One with it may be left out of .ci/run while the files it
covers are, byte for byte, those that it passed with: passed.py.
"""

from dataclasses import dataclass

#: What the program and the library are made of, and how.
PROGRAM = ("CMakeLists.txt", "CMakePresets.json", "cmake", "include", "proxy", "toxics",
           "embedding", "api", "clients/cpp", "clients/cli")
#: The program that runs experiments.
EXPERIMENT = ("clients/experiment",)
#: What decides how a part is run.
CHECK = ("dev", ".ci", "tests/verify")
#: All other C++ that there is.
TESTS = ("tests/CMakeLists.txt", "tests/unit", "tests/experiments/unit",
         "tests/integration/engine",
         "tests/integration/embedding", "tests/integration/edits", "tests/support",
         "tests/toolchain", "docs/generate", "bench")
KITS = ("tests/support", "tests/compat/compat_kit", "pytest.ini")
#: What is installed or fetched, and by what.
INSTALLS = ("CMakeLists.txt", "CMakePresets.json", "cmake", "tests/CMakeLists.txt",
            "bench/CMakeLists.txt", "tests/fresh", "tests/support/debian_root.py",
            "tests/support/docker_kit/base_image.py", "tests/support/servers/jars.py",
            "tests/support/servers/kafka_jars.py",
            "tests/support/servers/maven.py", "tests/support/servers/drivers.py",
            "tests/support/servers/postgres_drivers.py", "tests/support/servers/postgres_18.py",
            "tests/support/servers/redis_drivers.py",
            "tests/compat/compat_kit",
            *(f":(glob)**/{name}" for name in (
                "requirements.txt", "package.json", "package-lock.json", "pom.xml", "go.mod",
                "go.sum", "Cargo.toml", "pyproject.toml", "conftest.py")))


@dataclass(frozen=True)
class Part:
    """One command of the check."""

    name: str
    command: tuple[str, ...]
    #: Runs beside the others, with what they leave of the processors.
    beside: bool = False
    #: Parts that run beside the others and must be over before.
    needs: tuple[str, ...] = ()
    #: Pathspecs of all files that its result depends on; nothing: it runs every time.
    covers: tuple[str, ...] = ()


PARTS = (
    Part("format", ("./dev", "format", "--check")),
    Part("release build", ("./dev", "build", "release")),
    # From here on a second lane works beside the tests, most of which wait.
    Part("asan build", ("./dev", "build", "asan"), beside=True),
    Part("tsan build", ("./dev", "build", "tsan"), beside=True),
    Part("clang-tidy", ("./dev", "check", "tidy"), beside=True,
         covers=(*PROGRAM, *EXPERIMENT, *CHECK, *TESTS, ".clang-tidy")),
    Part("files alone", ("./dev", "check", "alone"), beside=True,
         covers=(*PROGRAM, *EXPERIMENT, *CHECK, "tests/toolchain")),

    Part("C++ reference", ("./dev", "check", "reference")),
    Part("tests", ("./dev", "test", "cpp", "network", "servers", "compat", "examples",
                   "experiments", "docs", "verify")),
    # Together all that `./dev test` runs; these three depend on little that changes often.
    Part("library", ("./dev", "test", "library"),
         covers=(*PROGRAM, *CHECK, *KITS, "tests/package", "packaging", "examples/embedding",
                 "docs/embedding.md", "LICENSE")),
    Part("web page", ("./dev", "test", "web"), covers=(*PROGRAM, *CHECK, *KITS, "tests/web")),
    Part("Python client", ("./dev", "test", "client-python"),
         covers=(*PROGRAM, *CHECK, *KITS, "clients/python", "tests/clients/python")),
    Part("demo", ("./dev", "run", "--once")),
    Part("containers", ("./dev", "test", "container"),
         covers=(*PROGRAM, *CHECK, *KITS, "Dockerfile", ".dockerignore", "tests/container",
                 "examples/compose", "examples/kubernetes", "clients/python",
                 "docs/container.md", "docs/quick-start-compose.md")),
    Part("experiments on containers", ("./dev", "test", "experiments-docker"),
         covers=(*PROGRAM, *EXPERIMENT, *CHECK, *KITS, "tests/experiment_containers",
                 "tests/experiments/experiment_kit", "tests/experiments/unit",
                 "examples/experiments")),
    Part("Debian packages", ("./dev", "test", "deb"),
         covers=(*PROGRAM, *EXPERIMENT, *CHECK, *KITS, "packaging", "CHANGELOG.md", "LICENSE", "tests/deb")),
    Part("bare machine", ("./dev", "fresh"), covers=(*INSTALLS, *CHECK)),
    Part("C++ tests, asan", ("./dev", "ctest", "asan"), needs=("asan build",)),
    Part("real servers, asan", ("./dev", "pytest", "asan", "servers", "tests/integration/servers"),
         needs=("asan build",)),
    Part("C++ tests, tsan", ("./dev", "ctest", "tsan"), needs=("tsan build",)),
    Part("HTTP, tsan",
         ("./dev", "pytest", "tsan", "http", "tests/compat/http", "--against", "aconite"),
         needs=("tsan build",)),
)
