#include "tests/integration/edits/keepers.hpp"

#include "proxy/net/address.hpp"
#include "tests/support/kernel_loss.hpp"
#include "tests/support/sockets.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>

#include <algorithm>
#include <cerrno>
#include <numeric>
#include <stdexcept>
#include <system_error>

namespace aconite::testing {
namespace {

/// A stream repeats this much of the pattern, from a place of its own on.
constexpr std::size_t period_bytes = (1U << 20U) + 7;
/// On its way in one stream at most.
constexpr std::uint64_t window_bytes = 128U << 10U;
constexpr std::uint64_t bulk_bytes = 1U << 20U;
constexpr std::uint64_t message_bytes_max = 8'000;

[[noreturn]] void fail(std::size_t flow, std::uint64_t at, std::string const& what)
{
    throw std::runtime_error("keeper " + std::to_string(flow / 2) +
                             (flow % 2 == 0 ? " upstream" : " downstream") + ", byte " +
                             std::to_string(at) + ": " + what);
}

void set_non_blocking(int fd)
{
    ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
}

}  // namespace

upstream_end::upstream_end()
{
    auto made = open_listener(resolve_listen("127.0.0.1:0").value(), {}).value();
    fd_ = std::move(made.fd);
    address_ = made.text;
}

unique_fd upstream_end::accept()
{
    return unique_fd(::accept4(fd_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
}

keepers::keepers(std::string const& listen, upstream_end& upstream, std::size_t count,
                 std::uint64_t seed)
    : data_(pattern(period_bytes)),
      dice_(seed),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      buffer_(128U << 10U)
{
    while (ends_.size() < count) {
        client_socket client(listen);
        auto& ends = ends_.emplace_back();
        auto& at_client = ends[0];
        auto& at_server = ends[1];
        at_client.reset(::fcntl(client.fd(), F_DUPFD_CLOEXEC, 0));
        set_non_blocking(at_client.get());
        if (!eventually([&] { return static_cast<bool>(at_server = upstream.accept()); }))
            throw std::runtime_error("the proxy does not dial");
        flows_.push_back({at_client.get(), at_server.get(), flows_.size()});
        flows_.push_back({at_server.get(), at_client.get(), flows_.size()});
    }
    for (auto const& each : flows_) {
        epoll_event wanted{EPOLLIN, {.u64 = each.number}};
        if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, each.to, &wanted) != 0)
            throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    }
}

/// What belongs at `at` of a stream, up to where the pattern begins anew.
std::string_view keepers::expected(flow const& which, std::uint64_t at) const
{
    constexpr std::size_t apart = 1009;
    return std::string_view(data_).substr((at + which.number * apart) % period_bytes);
}

void keepers::turn()
{
    receive(1);
    auto const now = std::chrono::steady_clock::now();
    if (now < next_sends_)
        return;
    next_sends_ = now + std::chrono::milliseconds(1);
    for (auto& each : flows_) {
        auto const drawn = dice_() % 100'000;
        if (each.to_send_bytes == 0 && drawn < 1'000)
            each.to_send_bytes = drawn < 2 ? bulk_bytes : 1 + dice_() % message_bytes_max;
        if (each.to_send_bytes > 0)
            send(each);
    }
}

bool keepers::drain()
{
    receive(1);
    return sent_bytes() == received_bytes();
}

void keepers::receive(int timeout_ms)
{
    epoll_event events[64];
    auto const count = ::epoll_wait(epoll_.get(), events, std::size(events), timeout_ms);
    for (int i = 0; i < count; ++i)
        take(flows_[events[i].data.u64]);
}

void keepers::take(flow& which)
{
    auto const got = ::recv(which.to, buffer_.data(), buffer_.size(), 0);
    if (got < 0 && errno == EAGAIN)
        return;
    if (got <= 0)
        fail(which.number, which.received_bytes,
             got == 0 ? "the stream ended" : std::generic_category().message(errno));
    std::string_view rest(buffer_.data(), static_cast<std::size_t>(got));
    while (!rest.empty()) {
        auto const known = expected(which, which.received_bytes);
        auto const same = std::min(known.size(), rest.size());
        auto const differs = std::ranges::mismatch(rest.substr(0, same), known).in1 - rest.begin();
        which.received_bytes += static_cast<std::uint64_t>(differs);
        if (static_cast<std::size_t>(differs) != same)
            fail(which.number, which.received_bytes, "wrong");
        rest.remove_prefix(same);
    }
    if (which.received_bytes > which.sent_bytes)
        fail(which.number, which.sent_bytes, "never sent");
}

void keepers::send(flow& which)
{
    auto const under_way = which.sent_bytes - which.received_bytes;
    auto const most = std::min(which.to_send_bytes, window_bytes - under_way);
    auto const bytes = expected(which, which.sent_bytes).substr(0, most);
    if (bytes.empty())
        return;
    auto const put = ::send(which.from, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (put < 0 && errno != EAGAIN)
        fail(which.number, which.sent_bytes, std::generic_category().message(errno));
    if (put > 0) {
        which.sent_bytes += static_cast<std::uint64_t>(put);
        which.to_send_bytes -= static_cast<std::uint64_t>(put);
    }
}

void keepers::finish()
{
    auto const ends = [](int fd) {
        pollfd waiting{fd, POLLIN, 0};
        char byte = 0;
        return ::poll(&waiting, 1, patience / std::chrono::milliseconds(1)) == 1 &&
               ::recv(fd, &byte, 1, 0) == 0;
    };
    for (auto const& each : flows_) {
        ::shutdown(each.from, SHUT_WR);
        if (!ends(each.to))
            fail(each.number, each.received_bytes, "the end does not arrive");
    }
    ends_.clear();
}

std::uint64_t keepers::sent_bytes() const
{
    return std::transform_reduce(flows_.begin(), flows_.end(), std::uint64_t{0}, std::plus{},
                                 [](flow const& each) { return each.sent_bytes; });
}

std::uint64_t keepers::received_bytes() const
{
    return std::transform_reduce(flows_.begin(), flows_.end(), std::uint64_t{0}, std::plus{},
                                 [](flow const& each) { return each.received_bytes; });
}

std::string keepers::under_way() const
{
    std::string text = "on their way:";
    for (auto const& each : flows_) {
        if (each.sent_bytes == each.received_bytes)
            continue;
        auto const told = told_of(each.from);
        text += " " + std::to_string(each.sent_bytes - each.received_bytes) + " bytes of stream " +
                std::to_string(each.number) +
                " (segments not acknowledged: " + std::to_string(told.tcpi_unacked) + ", timeout " +
                std::to_string(told.tcpi_rto / 1000) + " ms);";
    }
    return text;
}

std::uint64_t keepers::least_bytes() const
{
    return std::ranges::min(flows_, {}, &flow::received_bytes).received_bytes;
}

}  // namespace aconite::testing
