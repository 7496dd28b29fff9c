#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace aconite::daemon {

/// A task that runs on a thread of its own whenever it is asked for: who asks never waits.
class repeated_task {
public:
    /// `task` must not throw.
    explicit repeated_task(std::function<void()> task);
    /// Waits for the task if it runs; see `stop`.
    ~repeated_task();
    repeated_task(repeated_task const&) = delete;
    repeated_task& operator=(repeated_task const&) = delete;

    /// Runs the task once more, from its beginning, when a run of now is over. Any thread.
    void ask();

    /// Lets it run no more, and waits until a run of now is over, at most for `patience`. False if
    /// it ran out: then the task still runs.
    bool stop(std::chrono::milliseconds patience);

private:
    void run();

    std::function<void()> task_;
    std::mutex lock_;
    std::condition_variable changed_;
    bool asked_ = false;
    bool stopped_ = false;
    bool over_ = false;
    std::thread thread_;
};

}  // namespace aconite::daemon
