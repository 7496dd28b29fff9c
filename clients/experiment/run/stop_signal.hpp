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

    /// Waits until `deadline`, or until all is to end. Whether it is.
    bool wait_until(time_point deadline);
    /// Whether there was a signal.
    [[nodiscard]] bool asked();
    /// Whether there was a second one.
    [[nodiscard]] bool asked_again();
    /// Whether the run that goes on is to end: there was a signal, or it was given up.
    [[nodiscard]] bool over();
    /// The run that goes on is to end, and those behind it are not. Any thread.
    void give_up();
    /// Behind a run that may have been given up.
    void begin_anew();

private:
    void listen();

    sigset_t caught_{};
    sigset_t before_{};
    std::mutex mutex_;
    std::condition_variable changed_;
    bool asked_ = false;
    bool asked_again_ = false;
    bool given_up_ = false;
    bool over_ = false;
    std::thread thread_;
};

}  // namespace aconite::experiment
