#pragma once

#include "proxy/forwarding/io_result.hpp"
#include "proxy/loop/pump_set.hpp"
#include "proxy/loop/unique_fd.hpp"

#include <aconite/time.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace aconite {

class session;
class splice_pipe;

/// One of the two sockets of a session, with what the kernel last said about it.
class endpoint final : public io_handler {
public:
    explicit endpoint(session& owner) : owner_(owner) {}

    void on_io(std::uint32_t events) override;

    /// Takes another socket, of which nothing is known yet.
    void renew(unique_fd socket);

    /// Reads once. Clears `readable` once the socket is known to have no more.
    io_result read(std::span<char> into);
    /// The same into an empty pipe, `max` bytes at most.
    io_result read(splice_pipe& into, std::size_t max);
    /// Writes once, as much as fits. Clears `writable` once the socket is known to be full.
    io_result write(std::string_view bytes);
    /// The same from a pipe.
    io_result write(splice_pipe& from);
    /// FIN: no more writing.
    void shut_write();
    /// Closes with RST instead of FIN.
    void close_with_reset();
    /// Closes with FIN: what was received but not read is read and dropped first, else the
    /// kernel would answer it with RST.
    void close_politely(std::span<char> scratch);

    /// How long ago the last data came or was sent, as the kernel knows it; long, if none ever was.
    [[nodiscard]] duration since_received() const;
    [[nodiscard]] duration since_sent() const;

    unique_fd fd;
    bool readable = false;
    bool writable = false;
    bool broken = false;  ///< the kernel told of an error, a reset as a rule
    bool urgent = false;  ///< there was urgent data

private:
    session& owner_;
    /// An end, an error or urgent data may stand behind a short read.
    bool more_than_data_ = false;
};

}  // namespace aconite
