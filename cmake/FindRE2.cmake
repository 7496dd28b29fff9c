# re2::re2, the library of regular expressions: its own configuration where it has one, as of 2023,
# else what Debian 12 has, which is a header and a library.

find_package(re2 CONFIG QUIET)
if(NOT TARGET re2::re2)
    find_path(RE2_INCLUDE_DIR re2/re2.h)
    if(ACONITE_STATIC)
        set(CMAKE_FIND_LIBRARY_SUFFIXES .a)
    endif()
    find_library(RE2_LIBRARY re2)
    mark_as_advanced(RE2_INCLUDE_DIR RE2_LIBRARY)
    include(FindPackageHandleStandardArgs)
    find_package_handle_standard_args(RE2 REQUIRED_VARS RE2_LIBRARY RE2_INCLUDE_DIR)
    if(RE2_FOUND)
        add_library(re2::re2 UNKNOWN IMPORTED)
        set_target_properties(re2::re2 PROPERTIES
            IMPORTED_LOCATION ${RE2_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${RE2_INCLUDE_DIR})
    endif()
endif()
