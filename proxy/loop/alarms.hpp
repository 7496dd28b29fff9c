#pragma once

#include <aconite/time.hpp>

#include <cstddef>
#include <vector>

namespace aconite {

/// Something on a shard that wants to be called at a time. Neither copied nor moved; leaves
/// the queue it is in when destroyed.
class alarm {
public:
    alarm() = default;
    alarm(alarm const&) = delete;
    alarm& operator=(alarm const&) = delete;

    /// The time has come; the alarm is no longer set.
    virtual void on_alarm(time_point now) = 0;

    virtual ~alarm();

private:
    friend class alarms;
    class alarms* queue_ = nullptr;
    std::size_t slot_ = 0;  ///< in the heap, or among those that are being fired
    bool firing_ = false;
    time_point at_ = never;
};

/// The alarms of one shard: a binary heap that knows where each alarm stands in it.
class alarms {
public:
    /// Sets or moves `a` to `at`; `never` takes it out.
    void set(alarm& a, time_point at);

    /// The earliest time asked for.
    [[nodiscard]] time_point next() const { return heap_.empty() ? never : heap_.front()->at_; }

    /// Calls everything that is due at `now`, each alarm at most once.
    void fire(time_point now);

private:
    friend class alarm;
    void put(std::size_t slot, alarm* a);
    void up(std::size_t slot);
    void down(std::size_t slot);
    void remove(alarm& a);

    std::vector<alarm*> heap_;
    std::vector<alarm*> due_;
};

}  // namespace aconite
