#pragma once

#include "proxy/admission/attempts.hpp"
#include "proxy/loop/unique_fd.hpp"
#include "proxy/net/address.hpp"

#include <optional>
#include <utility>

namespace aconite {

/// The listening socket of a proxy and what it answers. Needs no privilege: a socket that was shut
/// down listens no more but keeps its port, and one whose queue is full is silent. So a silent
/// door fills its own queue, with one connection: the kernel queues one even where it is to queue
/// none. Established connections are not touched.
class door {
public:
    /// `listening` is bound to a port that was asked for by number: see open_listener.
    explicit door(unique_fd listening) : socket_(std::move(listening)) {}

    /// An errno, or 0. After a failure try again; until then the door may be in either state. Who
    /// is in the queue is reset by `refusing`, else stays.
    int set(door_state wanted);

    /// The next client in the queue and its address, blocking never. None: errno says why.
    unique_fd accept(address& from);

    /// The port is free when it returns.
    void close();

    /// None once it was closed.
    [[nodiscard]] int fd() const { return socket_.get(); }

private:
    int refuse();
    int fall_silent();
    int listen(int backlog);
    [[nodiscard]] bool full() const;
    int fill();
    void set_reusable(bool reusable);

    unique_fd socket_;
    std::optional<door_state> state_ = door_state::open;  ///< none: a change failed
    bool listening_ = true;
    /// Stands in the queue of a silent door. Open until its other end was accepted, so nobody else
    /// can come from its address.
    unique_fd filler_;
    address filler_address_;
};

}  // namespace aconite
