#pragma once

#include "proxy/loop/unique_fd.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace aconite::bench {

/// Now on the monotonic clock, nanoseconds.
std::int64_t now_ns();
/// Sleeps until then, woken as exactly as the kernel can. Returns at once when it is past.
void sleep_until(std::int64_t when_ns);

/// Where a measured connection begins and ends, both on 127.0.0.1.
struct route {
    std::uint16_t listen = 0;   ///< this program's upstream server
    std::uint16_t connect = 0;  ///< the proxy's listener, or `listen` for none
};

/// Both ends of one connection through the proxy. No call on them waits longer than 30 s.
struct line {
    unique_fd client;
    unique_fd server;
};

/// Makes lines; owns the listener. Throws std::system_error.
class line_maker {
public:
    explicit line_maker(route way);
    /// Connects, and returns when the proxy's connection to the server is there as well.
    line open();

private:
    route way_;
    unique_fd listener_;
};

/// Sends everything; false when the stream cannot take it any more.
bool send_all(int fd, std::span<char const> bytes);
/// What a receive brought: the count of bytes, 0 for the end of the stream, -1 for a broken or
/// silent one.
std::ptrdiff_t receive(int fd, std::span<char> room);
/// Ends a line in both directions at once: what is buffered is dropped, and a thread that waits in
/// a call on one of its ends comes back.
void cut(line const& ends);

}  // namespace aconite::bench
