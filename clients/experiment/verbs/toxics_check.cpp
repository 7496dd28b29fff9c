#include "clients/experiment/verbs/toxics_check.hpp"

#include "clients/experiment/values/suggestion.hpp"

#include <aconite/toxic_type.hpp>

#include <fmt/format.h>

namespace aconite::experiment {

void check_toxics(experiment_spec const& of, faults& found)
{
    auto const registry = toxic_registry::builtin();
    std::vector<std::string_view> names;
    for (auto const* each : registry.all())
        names.push_back(each->name);
    for (auto const& phase : of.phases)
        for (auto const& action : phase.actions) {
            if (action.type != "toxic")
                continue;
            auto const type = action.how.text("type");
            if (registry.find(type) == nullptr)
                found.add(action.how.at("type"),
                          fmt::format("no toxic is called '{}'{}", type, suggestion(type, names)));
        }
}

}  // namespace aconite::experiment
