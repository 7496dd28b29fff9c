#pragma once

#include "clients/experiment/load/recorder.hpp"
#include "clients/experiment/values/expression.hpp"

#include <aconite/time.hpp>

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::experiment {

/// One look of a probe.
struct sample {
    time_point at{};              ///< when its answer was there
    std::optional<value> seen{};  ///< none: the look failed
    std::string failure{};
};

/// A stretch of the run; `end` is `never` while it goes on.
struct stretch {
    std::string name;
    time_point begin = never;
    time_point end = never;
};

/// A fault that was put on a target.
struct fault_span {
    std::string target;
    time_point begin = never;
    time_point end = never;
    std::optional<std::uint64_t> hits{};
};

/// All that was seen in a run, while it goes on and afterwards. Any thread.
class observations {
public:
    void add(std::string_view probe, sample what);
    /// A load whose outcomes are counted in `by`, which lives as long as this.
    void add_load(std::string name, recorder const& by);
    void begin_phase(std::string name, time_point at);
    void end_phase(time_point at);
    void add_fault(fault_span what);
    [[nodiscard]] std::vector<stretch> phases() const;
    [[nodiscard]] std::optional<stretch> phase(std::string_view name) const;
    [[nodiscard]] std::vector<fault_span> faults() const;
    void set_faults(std::vector<fault_span> all);
    [[nodiscard]] std::map<std::string, recorder const*, std::less<>> loads() const;
    [[nodiscard]] std::vector<sample> samples(std::string_view probe) const;
    /// Those in [from, to].
    [[nodiscard]] std::vector<sample> samples(std::string_view probe, time_point from,
                                              time_point to) const;
    /// The newest at or before `at`: its value, or why there is none.
    [[nodiscard]] result<value> at(std::string_view probe, time_point at) const;
    /// All times in [from, to] at which one of the probes was looked at, in order.
    [[nodiscard]] std::vector<time_point> times(std::vector<std::string> const& probes,
                                                time_point from, time_point to) const;

private:
    mutable std::mutex mutex_;
    std::map<std::string, std::vector<sample>, std::less<>> samples_;
    std::map<std::string, recorder const*, std::less<>> loads_;
    std::vector<stretch> phases_;
    std::vector<fault_span> faults_;
};

}  // namespace aconite::experiment
