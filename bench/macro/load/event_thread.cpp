#include "bench/macro/load/event_thread.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <limits>
#include <utility>

namespace load {
namespace {

constexpr auto stop_tag = std::numeric_limits<std::uint64_t>::max();

}  // namespace

event_thread::event_thread() : wake_(::eventfd(0, EFD_CLOEXEC))
{
    if (wake_.get() < 0)
        fail("eventfd");
    events_.add(wake_.get(), EPOLLIN, stop_tag);
}

void event_thread::start(handler on_event)
{
    thread_ = std::thread([this, on_event = std::move(on_event)] {
        try {
            run(on_event);
        } catch (std::exception const& error) {
            std::fprintf(stderr, "aconite_load: %s\n", error.what());
            ::_exit(1);
        }
    });
}

void event_thread::stop()
{
    if (!thread_.joinable())
        return;
    std::uint64_t const one = 1;
    if (::write(wake_.get(), &one, sizeof one) != sizeof one)
        fail("write");
    thread_.join();
}

void event_thread::run(handler const& on_event)
{
    for (;;) {
        for (auto const& event : events_.wait(-1)) {
            if (event.data.u64 == stop_tag)
                return;
            on_event(event);
        }
    }
}

}  // namespace load
