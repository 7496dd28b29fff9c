#include "proxy/loop/mailbox.hpp"

#include <sys/eventfd.h>

#include <cerrno>
#include <system_error>

namespace aconite {

mailbox::mailbox() : bell_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    if (!bell_)
        throw std::system_error(errno, std::generic_category(), "eventfd");
}

void mailbox::put(std::unique_ptr<task> what)
{
    std::unique_lock hold(lock_);
    bool const first = posted_.empty();
    posted_.push_back(std::move(what));
    waiting_.store(true, std::memory_order_relaxed);
    hold.unlock();
    // Edge-triggered: each write is told, so nobody has to read the counter down.
    if (first)
        ::eventfd_write(bell_.get(), 1);
}

void mailbox::on_io(std::uint32_t)
{
    {
        std::lock_guard const hold(lock_);
        running_.swap(posted_);
        waiting_.store(false, std::memory_order_relaxed);
    }
    for (auto const& each : running_)
        each->run();
    running_.clear();
}

}  // namespace aconite
