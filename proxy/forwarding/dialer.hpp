#pragma once

#include "proxy/net/address.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace aconite {

class shard;

/// Opens the connection to one upstream: looks the name up, then tries its addresses in
/// order. Never blocks. Lives on one shard.
class dialer {
public:
    explicit dialer(std::string upstream) : upstream_(std::move(upstream)) {}

    /// Finds the addresses, then calls `then`, at once for a numeric address. Not called any
    /// more once this object is gone.
    void resolve(shard& home, std::function<void()> then);

    /// Starts connecting to the next address. No descriptor: none is left, see error().
    unique_fd next();

    /// Whether the attempt that `next` started is over already, as it is on loopback.
    [[nodiscard]] bool at_once() const { return at_once_; }

    /// Whether the attempt on `fd`, which became writable or failed, made a connection.
    bool connected(int fd);

    /// Why the last attempt failed, as Go words it: `dial tcp A: connect: connection refused`.
    [[nodiscard]] std::string const& error() const { return error_; }

    /// The same for a dial that took too long.
    [[nodiscard]] std::string timeout_text() const
    {
        return "dial tcp " + upstream_ + ": i/o timeout";
    }

private:
    void failed(address const& at, int error);

    std::string upstream_;
    std::vector<address> addresses_;
    std::size_t next_ = 0;
    bool at_once_ = false;
    std::string error_;
    std::shared_ptr<void> pending_;  ///< gone with this object: nobody waits for the lookup
};

}  // namespace aconite
