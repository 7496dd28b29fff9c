#pragma once

#include "proxy/pump_set.hpp"
#include "proxy/unique_fd.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace aconite {

class session;

/// How a read or a write went.
struct io_result {
    std::size_t bytes = 0;
    int error = 0;     ///< errno; EAGAIN: wait for the socket
    bool eof = false;  ///< a read found the end of the stream
};

/// One of the two sockets of a session, with what the kernel last said about it.
class endpoint final : public io_handler {
public:
    explicit endpoint(session& owner) : owner_(owner) {}

    void on_io(std::uint32_t events) override;

    /// Reads once. EAGAIN is remembered: `readable()` until then, false after it.
    io_result read(std::span<char> into);
    /// Writes once, as much as fits.
    io_result write(std::string_view bytes);
    /// FIN: no more writing.
    void shut_write();
    /// Closes with RST instead of FIN.
    void close_with_reset();
    /// Closes with FIN: what was received but not read is read and dropped first, else the
    /// kernel would answer it with RST.
    void close_politely(std::span<char> scratch);

    unique_fd fd;
    bool readable = false;
    bool writable = false;

private:
    session& owner_;
};

}  // namespace aconite
