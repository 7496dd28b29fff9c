#include "bench/macro/load/mesh.hpp"

#include "bench/macro/load/waiting.hpp"

#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <thread>
#include <utility>

namespace load {
namespace {

using ticks = steady::duration::rep;

/// In the tag of a listener, beside its descriptor.
constexpr auto listens = std::uint64_t{1} << 32;

}  // namespace

mesh::mesh(std::span<std::uint16_t const> nodes, std::span<std::uint16_t const> links,
           std::size_t message_size)
    : message_size_(message_size), buffer_(64 << 10)
{
    if (message_size < sizeof(ticks))
        throw std::invalid_argument("a message of a mesh holds its time: 8 bytes at least");
    for (auto const port : nodes) {
        auto const fd = nodes_.emplace_back(listen_on(port)).get();
        receiver_.events().add(fd, EPOLLIN, listens | static_cast<std::uint64_t>(fd));
    }
    receiver_.start([this](epoll_event const& event) {
        auto const fd = static_cast<int>(event.data.u64 & ~listens);
        if ((event.data.u64 & listens) != 0)
            accept_all(fd);
        else
            receive(fd);
    });
    for (auto const port : links)
        links_.push_back(connect_to(port));
}

latencies mesh::run(double rate, std::chrono::duration<double> time)
{
    {
        std::lock_guard const hold(lock_);
        taken_ = {};
    }
    ::prctl(PR_SET_TIMERSLACK, 1UL);  // else the kernel may send each message 50 us late
    auto const began = steady::now();
    auto const count = static_cast<std::uint64_t>(rate * time.count());
    for (std::uint64_t number = 0; number < count; ++number) {
        std::chrono::duration<double> const after(static_cast<double>(number) / rate);
        auto const due = began + std::chrono::duration_cast<steady::duration>(after);
        std::this_thread::sleep_until(due);
        send(due);
    }
    wait_until([this] { return received_ == sent_; }, "a message did not arrive");
    std::lock_guard const hold(lock_);
    return std::move(taken_);
}

// Blocks only if a whole socket buffer of messages is under way.
void mesh::send(steady::time_point due)
{
    std::string message(message_size_, '\0');
    auto const told = due.time_since_epoch().count();
    std::memcpy(message.data(), &told, sizeof told);
    auto const& link = links_[sent_ % links_.size()];
    if (::send(link.get(), message.data(), message.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(message.size()))
        fail("send");
    ++sent_;
}

void mesh::accept_all(int listener)
{
    for (int fd = accept_next(listener); fd >= 0; fd = accept_next(listener)) {
        auto const index = static_cast<std::size_t>(fd);
        if (begun_.size() <= index)
            begun_.resize(index + 1);
        begun_[index].clear();
        receiver_.events().add(fd, EPOLLIN, index);
    }
}

void mesh::receive(int fd)
{
    auto const count = ::recv(fd, buffer_.data(), buffer_.size(), 0);
    if (count < 0 && errno == EAGAIN)
        return;
    if (count < 0)
        fail("recv");
    if (count == 0)
        throw std::runtime_error("a link was closed");
    auto const now = steady::now().time_since_epoch().count();
    auto& begun = begun_[static_cast<std::size_t>(fd)];
    begun.append(buffer_.data(), static_cast<std::size_t>(count));
    std::size_t place = 0;
    {
        std::lock_guard const hold(lock_);
        for (; begun.size() - place >= message_size_; place += message_size_) {
            ticks due = 0;
            std::memcpy(&due, begun.data() + place, sizeof due);
            taken_.add(static_cast<std::uint64_t>(now - due));
        }
    }
    begun.erase(0, place);
    received_ += place / message_size_;
}

}  // namespace load
