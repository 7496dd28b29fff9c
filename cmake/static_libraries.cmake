# For ACONITE_STATIC: finds the libraries that the program is linked with as static ones.

set(ZLIB_USE_STATIC_LIBS ON)
find_package(fmt REQUIRED)
find_package(prometheus-cpp REQUIRED COMPONENTS core)
find_package(yaml-cpp REQUIRED)

# Debian's yaml-cpp has a static library too, which it does not tell CMake of.
find_library(ACONITE_YAML_CPP libyaml-cpp.a)
if(ACONITE_YAML_CPP)
    set_target_properties(yaml-cpp PROPERTIES IMPORTED_LOCATION_NONE ${ACONITE_YAML_CPP})
endif()

foreach(target fmt::fmt prometheus-cpp::core yaml-cpp)
    get_target_property(location ${target} LOCATION)
    if(NOT location MATCHES "\\.a$")
        message(FATAL_ERROR "ACONITE_STATIC needs a static library of ${target}, but ${location} "
            "is shared; cmake/static_libraries.sh makes those that Debian does not have")
    endif()
endforeach()
