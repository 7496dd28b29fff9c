#pragma once

#include <cstdint>
#include <memory>

namespace aconite::cli {

/// A TCP server on 127.0.0.1 that sends back what it gets, on a thread of its own, from
/// construction to destruction. Throws std::system_error if it cannot start.
class echo_server {
public:
    echo_server();
    ~echo_server();
    echo_server(echo_server const&) = delete;
    echo_server& operator=(echo_server const&) = delete;

    [[nodiscard]] std::uint16_t port() const;

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

}  // namespace aconite::cli
