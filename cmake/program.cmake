# The server and the command line: one program with three names.

if(ACONITE_STATIC)
    include(cmake/static_libraries.cmake)
endif()
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(prometheus-cpp REQUIRED COMPONENTS core)
find_package(ZLIB REQUIRED)
find_package(yaml-cpp REQUIRED)

set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

aconite_library(aconite_api STATIC api/routes api/openapi api/http api/json)
target_link_libraries(aconite_api
    PUBLIC aconite nlohmann_json::nlohmann_json fmt::fmt
    PRIVATE prometheus-cpp::core yaml-cpp ZLIB::ZLIB)

# The web page, as part of the program.
file(GLOB web_files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/api/web/*)
set(web_source ${PROJECT_BINARY_DIR}/web_files.cpp)
add_custom_command(OUTPUT ${web_source}
    COMMAND ${CMAKE_COMMAND} -D OUT=${web_source} -D "FILES=${web_files}"
        -P ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${web_files} ${PROJECT_SOURCE_DIR}/cmake/embed.cmake VERBATIM)
target_sources(aconite_api PRIVATE ${web_source})

aconite_library(aconite_daemon STATIC api/daemon)
target_link_libraries(aconite_daemon PUBLIC aconite_api)

aconite_library(aconite_cli STATIC clients/cli/verbs clients/cli/replay clients/cli/doctor
    clients/cli/demo clients/cli/help clients/cli/line clients/cli/text)
target_link_libraries(aconite_cli PUBLIC aconite_client aconite_daemon CLI11::CLI11)

add_executable(aconite_bin clients/cli/main.cpp)
set_target_properties(aconite_bin PROPERTIES OUTPUT_NAME aconite)
aconite_target(aconite_bin)
target_link_libraries(aconite_bin PRIVATE aconite_cli aconite_daemon)
if(ACONITE_STATIC)
    target_link_options(aconite_bin PRIVATE -static-pie)
endif()
foreach(name toxiproxy-server toxiproxy-cli)
    add_custom_command(TARGET aconite_bin POST_BUILD
        COMMAND ${CMAKE_COMMAND} -E create_symlink aconite $<TARGET_FILE_DIR:aconite_bin>/${name})
endforeach()

if(ACONITE_BUILD_EXPERIMENT)
    include(cmake/experiment.cmake)
endif()
