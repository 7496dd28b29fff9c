#pragma once

#include <aconite/time.hpp>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace aconite {

class agenda;

/// A task on an agenda, which is struck off when this goes out of scope. Movable; under the
/// agenda's lock.
class appointment {
public:
    appointment() = default;
    appointment(appointment&& other) noexcept
        : on_(std::exchange(other.on_, nullptr)), key_(std::exchange(other.key_, {}))
    {}
    appointment& operator=(appointment&& other) noexcept
    {
        std::swap(on_, other.on_);
        std::swap(key_, other.key_);
        return *this;
    }
    appointment(appointment const&) = delete;
    appointment& operator=(appointment const&) = delete;
    ~appointment();

private:
    friend class agenda;
    using key = std::pair<time_point, std::uint64_t>;
    appointment(agenda& on, key which) : on_(&on), key_(which) {}

    agenda* on_ = nullptr;
    key key_{};
};

/// Runs tasks at their times, in that order, on a thread of its own that starts with the first of
/// them. Never early; late by what the tasks before it and whoever holds the lock take.
class agenda {
public:
    /// `lock` outlives the agenda; it is held while a task runs, and by whoever calls `at` or
    /// ends an appointment.
    explicit agenda(std::mutex& lock) : lock_(lock) {}
    /// Without the lock, and after everything that has an appointment was told not to act.
    ~agenda() { stop(); }

    /// Runs `task` once at `when`, unless the appointment ends before. A task must not throw.
    /// Throws std::system_error if the system has no thread to give.
    [[nodiscard]] appointment at(time_point when, std::function<void()> task);

    /// Joins the thread: no task runs from now on. Without the lock.
    void stop();

private:
    friend class appointment;
    void run();

    std::mutex& lock_;
    std::condition_variable changed_;
    std::map<appointment::key, std::function<void()>> tasks_;
    std::uint64_t next_ = 0;
    bool stopped_ = false;
    std::thread thread_;
};

}  // namespace aconite
