#pragma once

#include "proxy/forwarding/dial_attempt.hpp"
#include "proxy/forwarding/dial_target.hpp"
#include "proxy/loop/alarms.hpp"
#include "proxy/net/address.hpp"

#include <aconite/time.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace aconite {

class shard;

/// Opens the connection to one upstream: looks the name up, then tries its addresses as RFC 8305
/// says. Who refuses is followed by the next at once; who does not answer gets company after a
/// while, and the first that connects wins. Never blocks. Lives on one shard.
class dialer final : private alarm {
public:
    /// Is given the connected socket or, if there is none to be had, no descriptor. May destroy
    /// the dialer.
    using receiver = std::function<void(dialled_socket)>;

    /// Both references outlive it.
    dialer(shard& home, dial_target const& upstream, dial_origin origin)
        : home_(home), target_(upstream), origin_(std::move(origin))
    {}
    /// Gives up what is under way.
    ~dialer() override;

    /// Dials, so that each address of each of its places gets its chance before `deadline`, and
    /// calls `then` once, at once where that is possible. The deadline itself is the caller's to
    /// keep.
    void start(time_point deadline, receiver then);
    /// The same where the addresses are known, in the resolver's order.
    void start(std::vector<address> const& found, time_point deadline, receiver then);

    /// Why the last attempt failed, as Go words it: `dial tcp A: connect: connection refused`.
    [[nodiscard]] std::string const& error() const { return error_; }
    /// The same as an errno; 0 if it failed before there was a socket.
    [[nodiscard]] int error_number() const { return errno_; }

    /// The same for a dial that took too long.
    [[nodiscard]] std::string timeout_text() const
    {
        return "dial tcp " + target_.text + ": i/o timeout";
    }

private:
    friend class dial_attempt;

    void on_alarm(time_point now) override;
    void on_answer(dial_attempt& which, std::uint32_t events);
    [[nodiscard]] dial_target const& place() const;
    [[nodiscard]] bool has_more_places() const { return place_ < target_.others.size(); }
    void try_place();
    void leave_place();
    void try_all(std::vector<address> const& found);
    void try_next();
    int connect(dialled_socket& made, address const& to);
    int await(dialled_socket socket, address const& to);
    void finish(dialled_socket socket);
    void failed(address const& at, int error);

    shard& home_;
    dial_target const& target_;
    dial_origin origin_;
    time_point deadline_ = never;
    receiver then_;
    std::size_t place_ = 0;  ///< of the target's
    std::vector<address> addresses_;
    std::size_t next_ = 0;
    duration step_{};
    std::vector<std::unique_ptr<dial_attempt>> attempts_;  ///< that have no answer yet
    std::string error_;
    int errno_ = 0;
    std::shared_ptr<void> pending_;  ///< of a lookup; gone with this object: nobody waits for it
};

}  // namespace aconite
