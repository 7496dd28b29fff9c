#include "tests/integration/edits/victims.hpp"

#include <poll.h>

#include <cerrno>

namespace aconite::testing {
namespace {

using namespace std::chrono_literals;

/// Not more often than the ports last that a closed connection keeps for a minute.
constexpr auto between_openings = 5ms;
constexpr std::size_t victim_message_bytes_max = 1'000;
/// A proxy may ignore the attempt.
constexpr auto connects_within = 200ms;

}  // namespace

victims::victims(std::string const& listen, upstream_end& upstream, std::size_t count,
                 std::uint64_t seed)
    : to_(resolve_listen(listen).value().where),
      upstream_(upstream),
      dice_(seed),
      victims_(count),
      buffer_(16U << 10U),
      thread_([this](std::stop_token const& stop) { run(stop); })
{}

void victims::stop()
{
    thread_.request_stop();
    thread_.join();
    victims_.clear();
    peers_.clear();
}

void victims::run(std::stop_token const& stop)
{
    auto next_opening = clock::now();
    auto next_acts = next_opening;
    std::vector<pollfd> waiting;
    while (!stop.stop_requested()) {
        waiting.assign(1, {upstream_.fd(), POLLIN, 0});
        for (auto const& each : peers_)
            waiting.push_back({each.get(), POLLIN, 0});
        for (auto const& each : victims_)
            waiting.push_back({each.fd.get(), short(each.connected ? POLLIN : POLLOUT), 0});
        ::poll(waiting.data(), waiting.size(), 1);

        auto const now = clock::now();
        auto seen = waiting.begin() + 1;
        std::erase_if(peers_,
                      [&](auto const& each) { return (seen++)->revents != 0 && !echo(each); });
        for (auto& each : victims_)
            use(each, (seen++)->revents);
        if (auto peer = upstream_.accept())
            peers_.push_back(std::move(peer));
        for (auto& each : victims_)
            if (!each.fd && now >= next_opening) {
                open(each);
                next_opening = now + between_openings;
            }
        if (now < next_acts)
            continue;
        next_acts = now + 1ms;
        for (auto& each : victims_)
            act(each);
    }
}

void victims::open(victim& which)
{
    which = {unique_fd(::socket(to_.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)),
             clock::now()};
    ++opened_;
    if (::connect(which.fd.get(), to_.data(), to_.size) != 0 && errno != EINPROGRESS)
        which.fd.reset();
}

/// Whether the peer goes on.
bool victims::echo(unique_fd const& peer)
{
    auto const got = ::recv(peer.get(), buffer_.data(), buffer_.size(), 0);
    if (got <= 0)
        return got < 0 && errno == EAGAIN;
    auto const put =
        ::send(peer.get(), buffer_.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL);
    return put > 0 || errno == EAGAIN;
}

void victims::use(victim& which, short events)
{
    bool ended = false;
    if (!which.connected) {
        which.connected = events == POLLOUT;
        ended =
            (events & (POLLERR | POLLHUP)) != 0 || clock::now() - which.opened > connects_within;
    } else if (events != 0) {
        auto const got = ::recv(which.fd.get(), buffer_.data(), buffer_.size(), 0);
        ended = got == 0 || (got < 0 && errno != EAGAIN);
    }
    if (ended)
        end(which);
}

void victims::end(victim& which)
{
    close_with_reset(which.fd);
    which = {};
}

void victims::act(victim& which)
{
    if (!which.connected)
        return;
    auto const drawn = dice_() % 1000;
    if (drawn == 0)
        which = {};
    else if (drawn == 1)
        end(which);
    else if (drawn == 2)
        ::shutdown(which.fd.get(), SHUT_WR);
    else if (drawn < 50)
        ::send(which.fd.get(), buffer_.data(), 1 + dice_() % victim_message_bytes_max,
               MSG_NOSIGNAL);
}

}  // namespace aconite::testing
