# aconite-experiment, which runs experiments: a program of its own, since it is the only one that
# needs the client libraries of databases.
find_package(PkgConfig REQUIRED)
pkg_check_modules(libpq REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(hiredis REQUIRED IMPORTED_TARGET hiredis)
pkg_check_modules(rdkafka REQUIRED IMPORTED_TARGET rdkafka)

file(GLOB entries LIST_DIRECTORIES true RELATIVE ${PROJECT_SOURCE_DIR}
    ${PROJECT_SOURCE_DIR}/clients/experiment/*)
list(FILTER entries EXCLUDE REGEX "\\.")
aconite_library(aconite_experiment STATIC ${entries})
# It waits for others most of the time; with less it compiles twice as fast.
target_compile_options(aconite_experiment PRIVATE $<$<CONFIG:Release>:-O1>)
target_link_libraries(aconite_experiment
    PUBLIC aconite_client aconite_api CLI11::CLI11
    PRIVATE yaml-cpp PkgConfig::libpq PkgConfig::hiredis PkgConfig::rdkafka)

# What its reports and its page are made of, as part of the program.
file(GLOB experiment_assets CONFIGURE_DEPENDS
    ${PROJECT_SOURCE_DIR}/clients/experiment/report/assets/*)
set(assets_source ${PROJECT_BINARY_DIR}/experiment_assets.cpp)
add_custom_command(OUTPUT ${assets_source}
    COMMAND ${CMAKE_COMMAND} -D OUT=${assets_source} -D "FILES=${experiment_assets}"
        -D HEADER=clients/experiment/report/assets.hpp -D NAMESPACE=aconite::experiment
        -D TYPE=asset -D FUNCTION=assets
        -P ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${experiment_assets} ${PROJECT_SOURCE_DIR}/cmake/embed.cmake VERBATIM)
target_sources(aconite_experiment PRIVATE ${assets_source})

add_executable(aconite_experiment_bin clients/experiment/main.cpp)
set_target_properties(aconite_experiment_bin PROPERTIES OUTPUT_NAME aconite-experiment)
aconite_target(aconite_experiment_bin)
target_link_libraries(aconite_experiment_bin PRIVATE aconite_experiment)
