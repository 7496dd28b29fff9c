#include "proxy/listener.hpp"

#include "proxy/address.hpp"
#include "proxy/log_record.hpp"
#include "proxy/shard.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>

namespace aconite {
namespace {

/// How long to wait for descriptors or memory to become free.
constexpr std::chrono::milliseconds retry_after{50};

/// Accepted in one turn before the sessions get theirs.
constexpr int turn_accepts = 64;

}  // namespace

listener::listener(shard& home, shard_list const& shards, std::uint64_t route_id,
                   std::shared_ptr<route_info const> info, unique_fd socket,
                   std::shared_ptr<std::atomic<std::uint64_t>> ordinals)
    : home_(home),
      shards_(shards),
      route_id_(route_id),
      info_(std::move(info)),
      socket_(std::move(socket)),
      ordinals_(std::move(ordinals))
{}

void listener::start()
{
    on_alarm(home_.now());
}

void listener::close()
{
    home_.wake(*this, never);
    socket_.reset();
}

void listener::on_io(std::uint32_t)
{
    on_alarm(home_.now());
}

void listener::on_alarm(time_point)
{
    if (!watched_) {
        if (int const error = home_.watch(socket_.get(), *this); error != 0) {
            accept_failed(error);
            return;
        }
        watched_ = true;
    }
    for (int i = 0; i < turn_accepts && socket_; ++i) {
        unique_fd client(::accept4(socket_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (!client) {
            if (errno == EAGAIN)
                return;
            if (errno == EINTR || errno == ECONNABORTED || errno == EPROTO)
                continue;
            accept_failed(errno);
            return;
        }
        short_of_resources_ = false;
        auto const& target =
            *std::ranges::min_element(shards_, {}, [](auto const& each) { return each->load(); });
        auto const ordinal = ordinals_->fetch_add(1, std::memory_order_relaxed);
        target->expect_session();
        if (target.get() == &home_)
            home_.adopt(route_id_, std::move(client), ordinal);
        else
            target->post(
                [to = target.get(), id = route_id_, ordinal, fd = std::move(client)]() mutable {
                    to->adopt(id, std::move(fd), ordinal);
                });
    }
    home_.wake(*this, home_.now());
}

/// Out of descriptors or memory: say so once, try again soon; the clients wait in the backlog.
void listener::accept_failed(int error)
{
    if (!std::exchange(short_of_resources_, true))
        tell(home_.log(), log_level::error, "Unable to accept client, will retry",
             {{"name", info_->name}, {"listen", info_->listen}, {"error", errno_text(error)}});
    home_.wake(*this, later(home_.now(), retry_after));
}

}  // namespace aconite
