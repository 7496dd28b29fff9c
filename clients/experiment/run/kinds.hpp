#pragma once

#include "clients/experiment/actions/action.hpp"
#include "clients/experiment/file/catalog.hpp"
#include "clients/experiment/load/load.hpp"
#include "clients/experiment/probes/probe.hpp"

#include <string_view>

namespace aconite::experiment {

/// Every kind of probe, load and action that a file may name.
[[nodiscard]] catalog all_kinds();

/// Null if there is none of that name.
[[nodiscard]] probe_kind const* probe_kind_named(std::string_view name);
[[nodiscard]] load_kind const* load_kind_named(std::string_view name);
[[nodiscard]] action_kind const* action_kind_named(std::string_view name);

}  // namespace aconite::experiment
