# For a build from nothing without a compiler cache, as the image's is: the headers that take the
# longest are compiled once. cmake -DCMAKE_PROJECT_aconite_INCLUDE=cmake/precompiled.cmake
function(aconite_precompile)
    target_precompile_headers(aconite PRIVATE
        <aconite/engine.hpp> <boost/asio/ip/address.hpp> <algorithm> <functional> <memory> <string>
        <vector>)
    target_precompile_headers(aconite_api PRIVATE
        <aconite/engine.hpp> <boost/asio/co_spawn.hpp> <boost/asio/ip/tcp.hpp>
        <boost/asio/steady_timer.hpp> <boost/beast/core.hpp> <boost/beast/http.hpp>
        <fmt/format.h> <nlohmann/json.hpp>)
    foreach(target aconite_daemon aconite_client aconite_cli)
        target_precompile_headers(${target} REUSE_FROM aconite_api)
    endforeach()
endfunction()
cmake_language(DEFER CALL aconite_precompile)
