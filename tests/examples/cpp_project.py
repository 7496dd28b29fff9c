"""Builds the C++ examples as their READMEs say, on the library as it is installed."""

import os

from compat_kit.installs import run
from servers.process import require


def build(source, folder, library):
    """Builds all targets of a project in `folder`."""
    run("cmake", "-S", source, "-B", folder, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={library}",
        f"-DCMAKE_CXX_COMPILER_LAUNCHER={require('ccache', 'ccache')}",
        "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Werror")
    # The compiler cache knows the files again in another folder.
    run("cmake", "--build", folder,
        env={**os.environ, "CCACHE_BASEDIR": os.path.commonpath([folder, library])})
