#pragma once

#include "proxy/net/address.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace aconite {

/// Proxies of an engine, by id, that a connection came through, outermost first.
using proxy_trail = std::vector<std::uint64_t>;

/// Whose dial it is: a proxy's, for a client that came through these before.
struct dial_origin {
    std::uint64_t proxy = 0;
    proxy_trail before{};
};

/// The dials of an engine that may lead to its own listeners: which they are, and through which
/// proxies their clients came. So a listener knows a client that has been there before, and a ring
/// of proxies is ended where it closes. Costs a dial to any other port one look at a bit, and an
/// accept nothing while there is no such dial. Any thread.
class own_dials {
    using key = std::pair<ip_endpoint, std::uint16_t>;  ///< from where, to which port

public:
    /// Stands for one dial, until its socket is closed.
    class mark {
    public:
        mark(own_dials& book, key which) : book_(book), which_(which) {}
        ~mark() { book_.forget(which_); }
        mark(mark const&) = delete;
        mark& operator=(mark const&) = delete;

    private:
        own_dials& book_;
        key which_;
    };

    /// A listener of the engine takes this port, or gives it back.
    void take_port(std::uint16_t port);
    void give_back_port(std::uint16_t port);

    /// As connect(2) of a non-blocking socket: an errno, or 0. With a mark, which there was none of
    /// before, if the dial may lead to a listener of the engine.
    int connect(int fd, address const& to, dial_origin const& from, std::unique_ptr<mark>& made);

    /// Through which proxies the client came that was accepted `from` there, at `port`; none, if
    /// it is no dial of the engine's.
    [[nodiscard]] proxy_trail trail_of(ip_endpoint const& from, std::uint16_t port) const;

private:
    [[nodiscard]] bool may_be_own(std::uint16_t port) const;
    void forget(key const& which);

    /// A bit for each port, to look at without the lock.
    std::array<std::atomic<std::uint64_t>, 65'536 / 64> ports_{};
    std::atomic<std::size_t> count_{0};  ///< of trails_
    mutable std::mutex lock_;            ///< of what follows
    std::map<std::uint16_t, std::size_t> listeners_;
    std::map<key, proxy_trail> trails_;
};

}  // namespace aconite
