"""The library aconite for Conan 2; the recipe builds the checkout that it stands in."""

from pathlib import Path

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy


class AconiteConan(ConanFile):
    name = "aconite"
    version = "0.1.0"
    description = "Fault-injecting TCP proxy as a library, compatible with Toxiproxy 2.x"
    license = "MIT"
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False], "fPIC": [True, False], "client": [True, False]}
    default_options = {"shared": False, "fPIC": True, "client": True}
    implements = ["auto_shared_fpic"]

    def export_sources(self):
        root = Path(self.recipe_folder).parents[1]
        copy(self, "CMakeLists.txt", root, self.export_sources_folder)
        copy(self, "LICENSE", root, self.export_sources_folder)
        for folder in ("cmake", "include", "proxy", "toxics", "embedding", "clients/cpp"):
            copy(self, f"{folder}/*", root, self.export_sources_folder)

    def requirements(self):
        self.requires("boost/[>=1.81]", options={"header_only": True}, transitive_headers=True)
        self.requires("re2/[>=20220601]")
        if self.options.client:
            self.requires("nlohmann_json/[>=3.11]")
            self.requires("openssl/[>=3]")

    def validate(self):
        if self.settings.os != "Linux":
            raise ConanInvalidConfiguration("aconite runs on Linux only")
        check_min_cppstd(self, 20)

    def layout(self):
        cmake_layout(self)

    def generate(self):
        CMakeDeps(self).generate()
        toolchain = CMakeToolchain(self)
        toolchain.variables["ACONITE_BUILD_CLIENT"] = bool(self.options.client)
        for other in ("PROGRAM", "TESTS"):
            toolchain.variables[f"ACONITE_BUILD_{other}"] = False
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()
        copy(self, "LICENSE", self.source_folder, Path(self.package_folder) / "licenses")

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "aconite")
        library = self.cpp_info.components["aconite"]
        library.set_property("cmake_target_name", "aconite::aconite")
        library.libs = ["aconite"]
        library.requires = ["boost::headers", "re2::re2"]
        library.system_libs = ["pthread"]
        if self.options.client:
            client = self.cpp_info.components["client"]
            client.set_property("cmake_target_name", "aconite::client")
            client.libs = ["aconite_client"]
            client.requires = ["aconite", "nlohmann_json::nlohmann_json", "openssl::ssl"]
