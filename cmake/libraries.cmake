# What an embedder links. Shared if BUILD_SHARED_LIBS says so.

find_package(Boost 1.81 REQUIRED)
find_package(Threads REQUIRED)
list(APPEND CMAKE_MODULE_PATH ${PROJECT_SOURCE_DIR}/cmake)
find_package(RE2 REQUIRED)

# The data plane, the toxics and the handles. Knows no JSON and no HTTP.
aconite_library(aconite "" proxy/engine proxy/forwarding proxy/admission proxy/pipeline
    proxy/record proxy/net proxy/loop toxics toxics/postgres toxics/kafka
    toxics/kafka/schema toxics/frame toxics/redis toxics/redis/schema toxics/mongodb embedding)
target_link_libraries(aconite PUBLIC Boost::headers Threads::Threads
    PRIVATE re2::re2)
aconite_public(aconite aconite)

# Servers elsewhere, by the same handles.
if(ACONITE_BUILD_CLIENT OR ACONITE_BUILD_PROGRAM)
    find_package(nlohmann_json REQUIRED)
    set(OPENSSL_USE_STATIC_LIBS ${ACONITE_STATIC})
    find_package(OpenSSL REQUIRED)
    aconite_library(aconite_client "" clients/cpp)
    target_link_libraries(aconite_client
        PUBLIC aconite
        PRIVATE $<BUILD_INTERFACE:nlohmann_json::nlohmann_json> OpenSSL::SSL)
    aconite_public(aconite_client client)
endif()
