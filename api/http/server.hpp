#pragma once

#include "api/http/router.hpp"

#include <aconite/log.hpp>
#include <aconite/problem.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace aconite::api {

/// What one client may take.
struct server_limits {
    std::uint64_t body_bytes = 1 << 20;
    std::uint32_t header_bytes = 64 << 10;
    /// From then on a new one takes the place of the one that is silent for longest.
    std::size_t connections = 1000;
    /// From a request's first byte to its last.
    std::chrono::milliseconds request{15'000};
    /// Between two requests of a connection.
    std::chrono::milliseconds idle{60'000};
    std::chrono::milliseconds write{30'000};
};

/// The HTTP side of the API: HTTP/1.0 and 1.1 on a thread of its own. Handlers are called on it,
/// those that may wait for a name server on a few others.
class server {
public:
    /// `log` gets the access log (debug) and what goes wrong. It is called from any thread.
    server(router routes, log_sink log, server_limits limits = {});
    /// Closes every connection and joins the threads, which waits for the handlers running.
    ~server();
    server(server const&) = delete;
    server& operator=(server const&) = delete;

    /// Starts to accept. Returns the address that it listens on, `host:port`. Call it once.
    result<std::string> start(std::string const& host, std::string const& port);

    /// Takes no more connections, closes the idle ones, and waits until the requests in
    /// progress are answered, at most for `patience`. False if it ran out.
    bool stop(std::chrono::milliseconds patience);

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

}  // namespace aconite::api
