#pragma once

#include "proxy/admission/descriptor_room.hpp"
#include "proxy/forwarding/io_result.hpp"
#include "proxy/loop/unique_fd.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace aconite {

/// A kernel pipe through which bytes go from one socket to another without being copied
/// (splice(2)). Filled only when empty: then EAGAIN can only mean that the socket has nothing.
class splice_pipe {
public:
    /// Null if the system or `room` has no pipe to give, or only one too small to be worth it: an
    /// unprivileged user gets small ones once their quota is used up (pipe(7)).
    static std::unique_ptr<splice_pipe> open(descriptor_room const& room);

    /// Takes up to `max` bytes from a non-blocking socket. The pipe must be empty.
    io_result fill(int from, std::size_t max);
    /// Hands what is held to a non-blocking socket, as much as fits.
    io_result drain(int to);
    /// Copies what is held out, as much as fits.
    std::size_t read(std::span<char> into);

    /// Bytes inside.
    [[nodiscard]] std::size_t held() const { return held_; }

private:
    unique_fd in_;
    unique_fd out_;
    std::size_t held_ = 0;
};

/// The pipes of one shard. A link has one only while it moves bulk data; who is stalled with a
/// full one keeps it, so the number is bounded.
class pipe_pool {
public:
    /// `room` outlives the pool.
    explicit pipe_pool(descriptor_room const& room) : room_(room) {}

    /// An empty pipe, or null: then copy.
    std::unique_ptr<splice_pipe> take();
    /// Takes back what `take` gave. One that still holds bytes is closed: nobody else may get
    /// them.
    void give_back(std::unique_ptr<splice_pipe> pipe);

private:
    descriptor_room const& room_;
    std::vector<std::unique_ptr<splice_pipe>> idle_;
    std::size_t lent_ = 0;
    int refusals_ = 0;  ///< still to come without asking the system
};

}  // namespace aconite
