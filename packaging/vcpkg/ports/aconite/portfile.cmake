# An overlay port: it builds the checkout that it stands in.
get_filename_component(source "${CMAKE_CURRENT_LIST_DIR}/../../../.." ABSOLUTE)

vcpkg_check_features(OUT_FEATURE_OPTIONS options FEATURES client ACONITE_BUILD_CLIENT)
vcpkg_cmake_configure(
    SOURCE_PATH "${source}"
    OPTIONS
        ${options}
        -DACONITE_BUILD_PROGRAM=OFF
        -DACONITE_BUILD_TESTS=OFF)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(CONFIG_PATH lib/cmake/aconite)
vcpkg_fixup_pkgconfig()
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/debug/include")
vcpkg_install_copyright(FILE_LIST "${source}/LICENSE")
