#pragma once

#include "clients/experiment/probes/probe.hpp"
#include "clients/experiment/run/observations.hpp"

#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace aconite::experiment {

/// Looks through probes again and again, each in a thread of its own, so that one that hangs delays
/// no other, and notes what they saw.
class watcher {
public:
    /// `into` outlives it. Each look takes `limit` at most.
    watcher(observations& into, duration interval, std::chrono::milliseconds limit)
        : into_(into), interval_(interval), limit_(limit)
    {}
    ~watcher() { stop(); }
    watcher(watcher const&) = delete;
    watcher& operator=(watcher const&) = delete;

    /// Begins to look through it at once.
    void add(std::string name, std::unique_ptr<probe> through);
    /// Has each probe look again now, and waits until all have that began after this call, or until
    /// `deadline`. Whether all have.
    bool refresh(time_point deadline);
    /// Ends all threads; takes as long as the looks that are under way.
    void stop();

private:
    struct eye {
        std::string name;
        std::unique_ptr<probe> through;
        time_point last_began = time_point::min();  ///< of the looks that are over
        bool hurry = false;
        std::thread runs{};
    };

    void watch(eye& with);

    observations& into_;
    duration interval_;
    std::chrono::milliseconds limit_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopped_ = false;
    std::list<eye> eyes_;
};

}  // namespace aconite::experiment
