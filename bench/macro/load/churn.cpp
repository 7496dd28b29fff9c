#include "bench/macro/load/churn.hpp"

#include "bench/macro/load/server.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <stdexcept>
#include <string>

namespace load {
namespace {

constexpr std::size_t request_size = 64;
// 128 addresses times the local ports outlast TIME_WAIT.
constexpr std::uint8_t hosts = 128;

}  // namespace

churn::churn(std::uint16_t port, int slots) : port_(port), slots_(static_cast<std::size_t>(slots))
{
    for (std::size_t number = 0; number < slots_.size(); ++number)
        open(number);
}

latencies churn::run(std::chrono::duration<double> time)
{
    latencies taken;
    auto const end = steady::now() + std::chrono::duration_cast<steady::duration>(time);
    for (auto now = steady::now(); now < end; now = steady::now()) {
        auto const left = std::chrono::ceil<std::chrono::milliseconds>(end - now);
        for (auto const& event : events_.wait(static_cast<int>(left.count())))
            serve(event.data.u64, event.events, taken);
    }
    return taken;
}

void churn::open(std::size_t number)
{
    auto const began = steady::now();
    slots_[number] =
        slot{begin_connect(port_, static_cast<std::uint8_t>(1 + next_host_)), 0, began};
    next_host_ = (next_host_ + 1) % hosts;
    events_.add(slots_[number].fd.get(), EPOLLOUT, number);
}

void churn::serve(std::size_t number, std::uint32_t events, latencies& taken)
{
    static std::string const request(request_size, static_cast<char>(role::echo));
    auto& one = slots_[number];
    if (one.missing == 0) {
        if (::send(one.fd.get(), request.data(), request.size(), MSG_NOSIGNAL) !=
            static_cast<ssize_t>(request_size))
            fail("send");
        one.missing = request_size;
        events_.modify(one.fd.get(), EPOLLIN, number);
        return;
    }
    if ((events & ~EPOLLOUT) == 0)
        return;
    char answer[request_size];
    auto const count = ::recv(one.fd.get(), answer, one.missing, 0);
    if (count < 0)
        fail("recv");
    if (count == 0)
        throw std::runtime_error("a connection was closed before its echo came");
    one.missing -= static_cast<std::size_t>(count);
    if (one.missing == 0) {
        ++total_;
        taken.add(static_cast<std::uint64_t>((steady::now() - one.began).count()));
        open(number);
    }
}

}  // namespace load
