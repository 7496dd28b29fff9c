#include "proxy/loop/pump_set.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace aconite {

pump_set::pump_set() : epoll_(::epoll_create1(EPOLL_CLOEXEC))
{
    if (!epoll_)
        throw std::system_error(errno, std::generic_category(), "epoll_create1");
}

int pump_set::add(int fd, io_handler& handler)
{
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLPRI | EPOLLRDHUP | EPOLLET;
    event.data.ptr = &handler;
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) == 0)
        return 0;
    if (errno != EEXIST)
        return errno;
    return ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event) == 0 ? 0 : errno;
}

std::span<epoll_event const> pump_set::wait(bool block)
{
    auto const room = static_cast<int>(ready_.size());
    int const count = ::epoll_wait(epoll_.get(), ready_.data(), room, block ? -1 : 0);
    return {ready_.data(), static_cast<std::size_t>(std::max(count, 0))};
}

}  // namespace aconite
