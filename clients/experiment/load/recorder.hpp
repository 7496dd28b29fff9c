#pragma once

#include "clients/experiment/load/latencies.hpp"

#include <aconite/time.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

namespace aconite::experiment {

/// What became of one request.
struct outcome {
    /// When it was to begin: latency counts from here, so that a stall is not omitted (Gil Tene,
    /// "How NOT to Measure Latency").
    time_point due{};
    time_point sent{};   ///< when it did begin
    time_point ended{};  ///< when its answer was complete, or it had failed
    bool ok = false;
    std::string_view error{};  ///< short, the same for the same fault: `timeout`, `HTTP 500`
};

/// What a load did in a stretch of time.
struct load_summary {
    std::uint64_t requests = 0;  ///< ended, well or not
    std::uint64_t ok = 0;
    std::uint64_t errors = 0;
    double seconds = 0;  ///< of the stretch
    latencies answered;  ///< of those that were ok, from when they were due
    latencies service;   ///< of the same, from when they were sent
    std::map<std::string, std::uint64_t> by_error{};
    [[nodiscard]] double rate() const
    {
        return seconds > 0 ? static_cast<double>(ok) / seconds : 0;
    }
    [[nodiscard]] double error_rate() const
    {
        return requests > 0 ? static_cast<double>(errors) / static_cast<double>(requests) : 0;
    }
};

/// Counts outcomes in slots of a tenth of a second, by when they ended. Any thread; an outcome
/// costs a lock that is seldom contended and no allocation but the first of its slot.
class recorder {
public:
    static constexpr std::chrono::milliseconds slot_length{100};
    /// Outcomes that ended later are counted in the last one: 24 hours.
    static constexpr std::size_t slots_max = 864'000;
    /// Different errors that are counted by name; what comes behind them is counted as `other`.
    static constexpr std::size_t errors_max = 100;

    /// Slots are counted from `origin`; what ended before is not recorded.
    explicit recorder(time_point origin) : origin_(origin) {}

    void add(outcome const& what);
    /// Of the slots that begin in [from, to), both rounded down to a slot's begin, so that windows
    /// that follow each other leave nothing out and count nothing twice. Where `to` is `never`: up
    /// to the last outcome.
    [[nodiscard]] load_summary between(time_point from, time_point to) const;
    /// When the first that was ok ended at or after `from`; `never` if there was none. Within the
    /// slot of `from` it may be a later one of that slot.
    [[nodiscard]] time_point first_ok(time_point from) const;
    /// The end of the slot with the `count`-th ok since `from` or since the last slot with an
    /// error; `never` if there were not so many. Only slots that begin at or after `from` count.
    [[nodiscard]] time_point row_of_ok(time_point from, std::uint64_t count) const;
    [[nodiscard]] std::uint64_t requests() const;
    [[nodiscard]] time_point origin() const { return origin_; }
    /// From the origin to the end of the last slot that has anything.
    [[nodiscard]] duration span() const;

private:
    struct slot {
        latencies answered;
        latencies service;
        std::uint64_t errors = 0;
        std::map<std::string, std::uint64_t, std::less<>> by_error;
        time_point first_ok = never;
        time_point last_ok{};
    };

    /// The slot in which `at` lies, and that which is the first to begin at or after it.
    [[nodiscard]] std::size_t slot_of(time_point at) const;
    [[nodiscard]] std::size_t slot_from(time_point at) const;
    [[nodiscard]] std::string_view name_of(std::string_view error);

    time_point origin_;
    mutable std::mutex mutex_;
    std::deque<slot> slots_;
    std::set<std::string, std::less<>> errors_;  ///< all that have been seen
    std::uint64_t requests_ = 0;
};

}  // namespace aconite::experiment
