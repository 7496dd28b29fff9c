#include "clients/experiment/run/kinds.hpp"

namespace aconite::experiment {
namespace {

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
    for (auto const& each : load_kinds())
        all.loads.push_back(&each.row);
    for (auto const& each : action_kinds())
        all.actions.push_back({&each.row, each.aims_at});
    return all;
}

probe_kind const* probe_kind_named(std::string_view name)
{
    return named(probe_kinds(), name);
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
