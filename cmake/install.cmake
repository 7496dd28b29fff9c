# What is installed: `aconite`, the program, and `dev`, the libraries with all that finds them.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

if(ACONITE_BUILD_PROGRAM)
    install(TARGETS aconite_bin DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT aconite)
    foreach(name toxiproxy-server toxiproxy-cli)
        install(FILES ${CMAKE_BINARY_DIR}/bin/${name}
            DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT aconite)
    endforeach()
endif()
if(TARGET aconite_experiment_bin)
    install(TARGETS aconite_experiment_bin
        DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT experiment)
endif()

set(libraries aconite)
set(aconite_has_client OFF)
if(TARGET aconite_client)
    set(aconite_has_client ON)
    list(APPEND libraries aconite_client)
endif()
install(TARGETS ${libraries} EXPORT aconite_targets
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT dev
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT dev)
install(DIRECTORY include/aconite DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT dev)

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/aconite)
install(EXPORT aconite_targets NAMESPACE aconite:: DESTINATION ${package_folder} COMPONENT dev)
configure_package_config_file(cmake/aconite-config.cmake.in aconite-config.cmake
    INSTALL_DESTINATION ${package_folder} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(aconite-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/aconite-config.cmake
    ${PROJECT_BINARY_DIR}/aconite-config-version.cmake cmake/FindRE2.cmake
    DESTINATION ${package_folder} COMPONENT dev)

file(RELATIVE_PATH include_from_lib
    ${CMAKE_INSTALL_FULL_LIBDIR} ${CMAKE_INSTALL_FULL_INCLUDEDIR})
foreach(target ${libraries})
    get_target_property(name ${target} EXPORT_NAME)
    if(name STREQUAL "aconite")
        set(pc_name aconite)
        set(pc_requires "re2")
        set(pc_about "${PROJECT_DESCRIPTION}")
    else()
        set(pc_name aconite-${name})
        set(pc_requires "aconite = ${PROJECT_VERSION}, openssl")
        set(pc_about "Remote control of an aconite or Toxiproxy server")
    endif()
    set(pc_library ${target})
    configure_file(cmake/aconite.pc.in ${pc_name}.pc @ONLY)
    install(FILES ${PROJECT_BINARY_DIR}/${pc_name}.pc
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT dev)
endforeach()
