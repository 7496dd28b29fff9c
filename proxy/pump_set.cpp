#include "proxy/pump_set.hpp"

#include <sys/epoll.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace aconite {
namespace {

constexpr int batch_size = 256;

}  // namespace

pump_set::pump_set() : epoll_(::epoll_create1(EPOLL_CLOEXEC))
{
    if (!epoll_)
        throw std::system_error(errno, std::generic_category(), "epoll_create1");
}

int pump_set::add(int fd, io_handler& handler)
{
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.ptr = &handler;
    return ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) == 0 ? 0 : errno;
}

bool pump_set::dispatch()
{
    std::array<epoll_event, batch_size> ready;  // NOLINT: filled by the kernel
    int const count = ::epoll_wait(epoll_.get(), ready.data(), batch_size, 0);
    for (int i = 0; i < count; ++i)
        static_cast<io_handler*>(ready[i].data.ptr)->on_io(ready[i].events);
    return count == batch_size;
}

}  // namespace aconite
