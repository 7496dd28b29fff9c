#include "clients/experiment/file/reading.hpp"

#include <array>

namespace aconite::experiment {
namespace {

using enum field_type;

constexpr std::array<std::string_view, 17> conditions = {
    "gt",      "lt",        "ge",         "le",        "eq",         "ne",
    "between", "increases", "increasing", "decreases", "decreasing", "stable",
    "rate_lt", "rate_gt",   "healthy",    "running",   "exited"};

constexpr field of_experiment[] = {
    {"name", text, "what it is called; its report's folder too", true},
    {"description", text, "what is done"},
    {"hypothesis", text, "what is expected to hold, and why"},
    {"seed", whole, "key of all random decisions; without one a new one for each run"},
    {"interval", duration, "between two looks of a probe; 1s", false, {}, 0.01, 3600},
    {"cool_down", duration, "pause behind it, where another one follows", false, {}, 0, 86400},
    {"learning", text, "what the result means, for the report"},
    {"improvement", text, "what is to be done about it, for the report"},
};
constexpr field sections[] = {
    {"vars", object, "what ${NAME} stands for, if neither --set nor the environment says so"},
    {"servers", object, "aconite servers, name to URL; the first is the usual one"},
    {"proxies", any, "proxies that are made if they are not there, and removed at the end"},
    {"targets", object, "what faults are aimed at, by name"},
    {"probes", object, "what is looked at all the time, by name"},
    {"metrics", object, "the same"},
    {"steady_state", any, "checks that hold before the faults, and after them again"},
    {"load", any, "what keeps the system busy; several with names"},
    {"phases", any, "what is done, and when", true},
    {"validation", any, "checks of what was expected"},
    {"custom", object, "checks by name, for `custom` in a check"},
};
constexpr field of_phase[] = {
    {"name", text, "what it is called", true},
    {"duration", duration, "how long it takes, at most with `until`", true, {}, 0, 604800},
    {"description", text, "what it is for"},
    {"until", expression, "ends the phase as soon as it holds"},
};
constexpr field of_check[] = {
    {"name", text, "what it is called in the report"},
    {"description", text, "the same"},
    {"expect", expression, "an expression that has to be true"},
    {"metric", text, "a probe's name, or load.p95 and the like"},
    {"container", text, "a container that has to be in a condition"},
    {"custom", text, "a named check of `custom`; other keys are its parameters"},
    {"condition", choice, "how the metric is compared", false, conditions},
    {"value", any, "what with: a number, an expression, or [least, most]"},
    {"within",
     duration,
     "has to hold once by then, and need not all the time",
     false,
     {},
     0,
     604800},
    {"after_phase", text, "looked at from the end of this phase on"},
    {"during", text, "looked at in this phase alone"},
    {"always", flag, "has to hold at each look, not only at the end"},
    {"tolerance", share, "of stable: by how much of its mean it may vary; 10%"},
};
constexpr field of_proxy[] = {
    {"name", text, "unique on its server", true},
    {"upstream", text, "where it leads to, host:port", true},
    {"listen", text, "where it listens, host:port; a free port by default"},
    {"server", text, "the aconite server that has it, if not the first"},
    {"enabled", flag, "whether it listens; true by default"},
    {"protocol", any,
     "what its connections speak: postgres, kafka, redis or mongodb, or how its frames are told"},
    {"label", text, "what its connections are called, for `match`"},
    {"seed", whole, "key of its toxics' random decisions"},
    {"toxics", any, "toxics that it has from the begin on, as the REST API takes them"},
};
constexpr field of_brokers[] = {
    {"ports", text, "ports of the brokers' listeners, as 19093-19192; any that is free by default"},
    {"host", text, "the host that clients are told; by default where they reached the proxy"},
};
constexpr field of_further[] = {
    {"listen", text, "where else the proxy listens, an address in digits and a port", true},
    {"ports", text, "as those of brokers, for who comes there"},
    {"host", text, "as that of brokers, for who comes there"},
};
constexpr field of_target[] = {
    {"proxy", text, "the proxy in front of it"},
    {"server", text, "the aconite server of the proxy, if not the first"},
    {"container", text, "its container's name or id"},
};
constexpr field of_process[] = {
    {"pid_file", text, "a file with its process id"},
    {"pid", whole, "its process id", false, {}, 1, 4194304},
    {"port", whole, "a TCP port that it listens on", false, {}, 1, 65535},
    {"command", command, "what starts it"},
    {"run", flag, "the experiment starts it at its begin, and ends it"},
    {"cwd", text, "the folder that it runs in; the file's"},
    {"env", object, "variables of its environment beside our own"},
};
constexpr field of_action[] = {
    {"type", text, "its kind, if that is no key itself"},
    {"target", text, "what it is aimed at: a name in `targets`"},
    {"targets", words, "the same for several"},
    {"params", object, "its settings, if its kind is no key itself"},
    {"duration", duration, "it is undone after that time", false, {}, 0, 604800},
    {"at", duration, "when it begins, from the begin of its phase", false, {}, 0, 604800},
    {"name", text, "what it is called in the report"},
};

}  // namespace

std::span<field const> experiment_fields()
{
    return of_experiment;
}
std::span<field const> section_fields()
{
    return sections;
}
std::span<field const> phase_fields()
{
    return of_phase;
}
std::span<field const> check_fields()
{
    return of_check;
}
std::span<field const> proxy_fields()
{
    return of_proxy;
}
std::span<field const> brokers_fields()
{
    return of_brokers;
}
std::span<field const> further_fields()
{
    return of_further;
}
std::span<field const> target_fields()
{
    return of_target;
}
std::span<field const> process_fields()
{
    return of_process;
}
std::span<field const> action_fields()
{
    return of_action;
}

}  // namespace aconite::experiment
