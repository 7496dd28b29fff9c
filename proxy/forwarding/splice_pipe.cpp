#include "proxy/forwarding/splice_pipe.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace aconite {
namespace {

/// What is asked for. A pipe has a slot for each 4 KiB of it, and a slot holds one fragment of
/// a socket's buffer, whatever its size: many slots are what makes splicing cheap.
constexpr int wanted_bytes = 1 << 20;
constexpr int fallback_bytes = 1 << 18;
/// The kernel's default. Below it a user is over quota.
constexpr int least_bytes = 1 << 16;

/// Links of one shard that may hold a pipe at once. Two descriptors each; unprivileged users
/// have 64 MiB of pipes in all.
constexpr std::size_t lent_max = 48;
constexpr std::size_t idle_max = 16;

/// After the system had no pipe to give, so many requests are refused unasked.
constexpr int refusals_after_failure = 1000;

}  // namespace

std::unique_ptr<splice_pipe> splice_pipe::open(descriptor_room const& room)
{
    int ends[2];
    if (::pipe2(ends, O_NONBLOCK | O_CLOEXEC) != 0)
        return nullptr;
    auto made = std::make_unique<splice_pipe>();
    made->out_.reset(ends[0]);
    made->in_.reset(ends[1]);
    if (!room.has_for_client(std::max(ends[0], ends[1])))
        return nullptr;
    if (::fcntl(ends[1], F_SETPIPE_SZ, wanted_bytes) < 0)
        ::fcntl(ends[1], F_SETPIPE_SZ, fallback_bytes);
    if (::fcntl(ends[1], F_GETPIPE_SZ) < least_bytes)
        return nullptr;
    return made;
}

io_result splice_pipe::fill(int from, std::size_t max)
{
    for (;;) {
        auto const got =
            ::splice(from, nullptr, in_.get(), nullptr, max, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
        if (got > 0) {
            held_ = static_cast<std::size_t>(got);
            return {held_};
        }
        if (got == 0)
            return {0, 0, true};
        if (errno != EINTR)
            return {0, errno};
    }
}

io_result splice_pipe::drain(int to)
{
    io_result done;
    while (held_ > 0) {
        auto const put =
            ::splice(out_.get(), nullptr, to, nullptr, held_, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0) {
            done.error = put == 0 ? EIO : errno;
            break;
        }
        held_ -= static_cast<std::size_t>(put);
        done.bytes += static_cast<std::size_t>(put);
    }
    return done;
}

std::size_t splice_pipe::read(std::span<char> into)
{
    auto const got = ::read(out_.get(), into.data(), into.size());
    if (got <= 0)
        return 0;
    held_ -= static_cast<std::size_t>(got);
    return static_cast<std::size_t>(got);
}

std::unique_ptr<splice_pipe> pipe_pool::take()
{
    if (lent_ == lent_max)
        return nullptr;
    if (idle_.empty()) {
        if (refusals_ > 0) {
            --refusals_;
            return nullptr;
        }
        idle_.push_back(splice_pipe::open(room_));
    }
    auto pipe = std::move(idle_.back());
    idle_.pop_back();
    if (pipe)
        ++lent_;
    else
        refusals_ = refusals_after_failure;
    return pipe;
}

void pipe_pool::give_back(std::unique_ptr<splice_pipe> pipe)
{
    --lent_;
    if (pipe->held() == 0 && idle_.size() < idle_max)
        idle_.push_back(std::move(pipe));
}

}  // namespace aconite
