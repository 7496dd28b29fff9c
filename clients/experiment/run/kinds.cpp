#include "clients/experiment/run/kinds.hpp"

#include "clients/experiment/run/target_probe.hpp"

namespace aconite::experiment {
namespace {

constexpr field wait_fields[] = {
    {"expect", field_type::expression, "what is waited for", true},
    {"within", field_type::duration, "how long; 30s", false, {}, 0, 86400},
};
/// Done by the runner itself, which alone knows what was seen.
constexpr kind wait_row{"wait", "waits until an expression holds, and fails if it does not",
                        wait_fields, "expect", "{wait: \"queue == 0\", within: 10s}"};

template <class Kind>
Kind const* named(std::span<Kind const> kinds, std::string_view name)
{
    for (auto const& each : kinds)
        if (each.row.name == name)
            return &each;
    return nullptr;
}

}  // namespace

catalog all_kinds()
{
    catalog all;
    for (auto const& each : probe_kinds())
        all.probes.push_back(&each.row);
    all.probes.push_back(&target_probe().row);
    for (auto const& each : load_kinds())
        all.loads.push_back(&each.row);
    for (auto const& each : action_kinds())
        all.actions.push_back({&each.row, each.aims_at});
    all.actions.push_back({&wait_row, {}});
    return all;
}

probe_kind const* probe_kind_named(std::string_view name)
{
    auto const& own = target_probe();
    return own.row.name == name ? &own : named(probe_kinds(), name);
}

load_kind const* load_kind_named(std::string_view name)
{
    return named(load_kinds(), name);
}

action_kind const* action_kind_named(std::string_view name)
{
    return named(action_kinds(), name);
}

}  // namespace aconite::experiment
