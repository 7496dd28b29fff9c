#pragma once

#include "clients/experiment/run/observations.hpp"

namespace aconite::experiment {

/// What names and functions of an expression are at one time of a run. Cheap; refers to the
/// observations, which outlive it.
class moment final : public meanings {
public:
    /// A load's values are those of [from, at).
    moment(observations const& of, time_point from, time_point at) : of_(of), from_(from), at_(at)
    {}
    /// The same with names that stand for a number beside, such as `baseline_rate`.
    void also(std::string name, result<value> is) { also_.emplace(std::move(name), std::move(is)); }

    [[nodiscard]] result<value> of_name(std::string_view name) const override;
    [[nodiscard]] result<value> of_call(std::string_view function,
                                        std::vector<argument> const& arguments) const override;

private:
    [[nodiscard]] result<value> name_between(std::string_view name, time_point from,
                                             time_point to) const;
    [[nodiscard]] result<value> delta(std::string_view name, time_point from, time_point to) const;
    [[nodiscard]] result<value> extreme(std::string_view name, time_point from, time_point to,
                                        bool highest) const;

    observations const& of_;
    time_point from_;
    time_point at_;
    std::map<std::string, result<value>, std::less<>> also_;
};

}  // namespace aconite::experiment
