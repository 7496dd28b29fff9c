#pragma once

#include <aconite/time.hpp>

#include <condition_variable>
#include <csignal>
#include <mutex>
#include <thread>

namespace aconite::experiment {

/// SIGINT, SIGTERM and SIGHUP as something to wait for. While it lives they are blocked in this
/// thread and all that are started later; one of its own takes them. One in each process.
class stop_signal {
public:
    stop_signal();
    ~stop_signal();
    stop_signal(stop_signal const&) = delete;
    stop_signal& operator=(stop_signal const&) = delete;

    /// Waits until `deadline`, or until there was a signal. Whether there was one.
    bool wait_until(time_point deadline);
    [[nodiscard]] bool asked();
    /// As if there had been one.
    void ask();

private:
    void listen();

    sigset_t caught_{};
    sigset_t before_{};
    std::mutex mutex_;
    std::condition_variable changed_;
    bool asked_ = false;
    bool over_ = false;
    std::thread thread_;
};

}  // namespace aconite::experiment
