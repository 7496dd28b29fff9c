#pragma once

#include "clients/experiment/file/settings.hpp"
#include "clients/experiment/file/target.hpp"
#include "clients/experiment/values/expression.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// An experiment as its file says it, checked as far as that can be without a server.
namespace aconite::experiment {

/// A probe, a load or an action: which kind, and its settings.
struct part_spec {
    std::string name;  ///< of a probe or load; what an action is called in the report
    std::string type;  ///< the kind's name
    place at{};
    settings how{};
};

struct action_spec : part_spec {
    std::vector<std::string> targets{};
    nanoseconds offset{};                   ///< from the begin of its phase
    std::optional<nanoseconds> duration{};  ///< none: as long as its kind says
};

struct phase_spec {
    std::string name;
    std::string description{};
    place at{};
    nanoseconds duration{};
    std::vector<action_spec> actions{};
    /// The phase ends as soon as this holds, and at its duration at the latest.
    std::optional<expression> until{};
};

/// How a metric is compared.
enum class condition {
    gt,
    lt,
    ge,
    le,
    eq,
    ne,
    between,
    increases,
    decreasing,
    stable,
    rate_lt,
    rate_gt,
};

/// Something that has to hold.
struct check_spec {
    std::string name;  ///< what it is called in a report; never empty
    place at{};
    /// An expression, or a metric (a probe's name) with a condition and what it is compared with.
    std::optional<expression> expect{};
    std::string metric{};
    experiment::condition condition = condition::gt;
    std::vector<expression> operands{};
    double tolerance = 0.1;  ///< of stable: share of the mean by which it may vary
    /// Has to hold once within that time, from the end of `after_phase` or else of the last phase.
    std::optional<nanoseconds> within{};
    /// Without `within`: at each look. Else an expression is judged at the end, a metric always.
    bool always = false;
    std::string after_phase{};  ///< looked at from its end on
    std::string during{};       ///< looked at in this phase alone
};

struct experiment_spec {
    std::string name;
    std::string description{};
    std::string hypothesis{};
    std::string learning{};
    std::string improvement{};
    std::optional<std::uint64_t> seed{};
    std::vector<std::pair<std::string, std::string>> servers{};  ///< name, URL
    json proxies = json::array();  ///< as POST /proxies takes them, with a `server` maybe
    std::map<std::string, target> targets{};
    std::vector<std::string> target_order{};  ///< as the file has them
    std::vector<part_spec> probes{};
    std::vector<part_spec> loads{};
    std::vector<check_spec> steady_state{};
    std::vector<phase_spec> phases{};
    std::vector<check_spec> validation{};
    nanoseconds interval = std::chrono::seconds(1);  ///< between two looks of a probe
    nanoseconds cool_down{};                         ///< behind it, if another one follows
};

}  // namespace aconite::experiment
