#pragma once

#include <aconite/problem.hpp>

#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace aconite::cli {

/// A TCP port of 127.0.0.1 that nobody listens on at this moment; nothing if there is none.
std::optional<std::uint16_t> free_port();
/// Whether a server could listen on the port at this moment.
bool is_free(std::uint16_t port);

/// This very program, running as a server in a process of its own, with its log of warnings
/// and errors on our standard error. Stopped by the destructor, and by the kernel should we
/// die before.
class child_server {
public:
    /// Starts it; call from the main thread, before any other starts. Throws std::system_error.
    explicit child_server(std::uint16_t port);
    ~child_server();
    child_server(child_server const&) = delete;
    child_server& operator=(child_server const&) = delete;

    /// Waits until it answers; a problem if it ends or takes longer than ten seconds.
    result<void> wait_until_ready();
    /// Whether it runs.
    bool alive();
    /// Stops it, politely first; waits for its end (at most some five seconds).
    void stop();

private:
    std::uint16_t port_;
    pid_t process_ = -1;
};

}  // namespace aconite::cli
