# What is installed beside the program and the libraries, and how cpack makes Debian packages of it
# all: `aconite` and `libaconite-dev`. See ./dev package.
include(GNUInstallDirs)

# Manual pages and completion, which the program itself writes.
set(made ${PROJECT_BINARY_DIR}/package)
if(NOT CMAKE_CROSSCOMPILING)
    add_custom_command(OUTPUT ${made}/made
        COMMAND ${CMAKE_COMMAND} -D PROGRAM=$<TARGET_FILE:aconite_bin> -D OUT=${made}
            -P ${PROJECT_SOURCE_DIR}/cmake/program_files.cmake
        DEPENDS aconite_bin ${PROJECT_SOURCE_DIR}/cmake/program_files.cmake VERBATIM)
    add_custom_target(aconite_program_files ALL DEPENDS ${made}/made)
    install(DIRECTORY ${made}/man1 DESTINATION ${CMAKE_INSTALL_MANDIR} COMPONENT aconite)
    install(DIRECTORY ${made}/completion/ DESTINATION ${CMAKE_INSTALL_DATADIR} COMPONENT aconite)
endif()

# What only a package has: components of their own, which `cmake --install` leaves out.
set(debian ${PROJECT_SOURCE_DIR}/packaging/debian)
set(systemd ${PROJECT_SOURCE_DIR}/packaging/systemd)
install(FILES ${systemd}/aconite.service DESTINATION lib/systemd/system
    COMPONENT aconite_debian EXCLUDE_FROM_ALL)
install(FILES ${systemd}/proxies.yaml DESTINATION /etc/aconite
    COMPONENT aconite_debian EXCLUDE_FROM_ALL)

set(CPACK_PACKAGE_CONTACT "The aconite authors <aconite@example.org>")
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
configure_file(${debian}/changelog.in ${made}/doc/changelog.Debian @ONLY)
configure_file(CHANGELOG.md ${made}/doc/changelog COPYONLY)
foreach(file changelog changelog.Debian)
    execute_process(COMMAND gzip -9nf ${made}/doc/${file} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
foreach(package aconite aconite-experiment libaconite-dev)
    set(component aconite_debian)
    if(package STREQUAL "libaconite-dev")
        set(component dev_debian)
    elseif(package STREQUAL "aconite-experiment")
        set(component experiment_debian)
    endif()
    install(FILES ${debian}/copyright ${made}/doc/changelog.gz ${made}/doc/changelog.Debian.gz
        DESTINATION share/doc/${package} COMPONENT ${component} EXCLUDE_FROM_ALL)
endforeach()

set(CPACK_GENERATOR DEB)
set(CPACK_STRIP_FILES ON)
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_COMPONENTS_ALL aconite aconite_debian experiment experiment_debian dev
    dev_debian)
set(CPACK_COMPONENT_ACONITE_GROUP program)
set(CPACK_COMPONENT_ACONITE_DEBIAN_GROUP program)
set(CPACK_COMPONENT_EXPERIMENT_GROUP experiment)
set(CPACK_COMPONENT_EXPERIMENT_DEBIAN_GROUP experiment)
set(CPACK_COMPONENT_DEV_GROUP library)
set(CPACK_COMPONENT_DEV_DEBIAN_GROUP library)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)

set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME aconite)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_CONTROL_EXTRA
    ${debian}/conffiles ${debian}/postinst ${debian}/prerm ${debian}/postrm)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PROGRAM_DESCRIPTION "TCP proxy that breaks the network on purpose
Stands between a service and PostgreSQL, Kafka, Redis or anything else that
speaks TCP, and delays, limits, damages or cuts what goes through, as it is
told over REST. Takes the place of Toxiproxy 2: same API, command line and
clients.")

set(CPACK_DEBIAN_EXPERIMENT_PACKAGE_NAME aconite-experiment)
set(CPACK_DEBIAN_EXPERIMENT_PACKAGE_SECTION net)
set(CPACK_DEBIAN_EXPERIMENT_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_EXPERIMENT_PACKAGE_RECOMMENDS aconite)
set(CPACK_DEBIAN_EXPERIMENT_DESCRIPTION "chaos experiments from one YAML file
Puts a service under load, breaks its network, its servers or their protocol
by aconite or Docker, looks at databases, queues and metrics, and tells in a
report whether what was expected held.")

set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libaconite-dev)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_DEPENDS "libboost1.81-dev, libre2-dev, libssl-dev")
set(CPACK_DEBIAN_LIBRARY_DESCRIPTION "TCP proxy that breaks the network on purpose (library)
Proxies and faults within a process of one's own, such as a test, and the
client of a server elsewhere: static libraries, headers, and what CMake and
pkg-config need to find them.")
include(CPack)
