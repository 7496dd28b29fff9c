// A thread that waits on a poller until it is told to stop.
#pragma once

#include "bench/macro/load/sockets.hpp"

#include <cstdint>
#include <functional>
#include <thread>

namespace load {

/// Runs one function for each event of its poller, on a thread of its own. An exception there
/// ends the process with status 1: half a load is no measurement.
class event_thread {
public:
    using handler = std::function<void(epoll_event const&)>;

    event_thread();
    ~event_thread() { stop(); }

    poller& events() { return events_; }
    void start(handler on_event);

    /// Returns when the thread has ended. May be called twice.
    void stop();

private:
    void run(handler const& on_event);

    poller events_;
    descriptor wake_;
    std::thread thread_;
};

}  // namespace load
