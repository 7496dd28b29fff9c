#include "clients/experiment/run/scene.hpp"

#include "clients/experiment/actions/processes.hpp"
#include "clients/experiment/run/containers.hpp"
#include "clients/experiment/run/kinds.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace aconite::experiment {

bool needs_server(experiment_spec const& what)
{
    if (!what.proxies.empty())
        return true;
    auto const leads_to_proxy = [&](std::string const& name) {
        auto const found = what.targets.find(name);
        return found == what.targets.end() || !found->second.proxy.empty();
    };
    for (auto const& phase : what.phases)
        for (auto const& action : phase.actions) {
            auto const* kind = action_kind_named(action.type);
            if (kind != nullptr && kind->aims_at.find("proxy") != kind->aims_at.npos &&
                std::ranges::any_of(action.targets, leads_to_proxy))
                return true;
        }
    return std::ranges::any_of(what.probes,
                               [](part_spec const& each) { return each.type == "proxy"; });
}

scene::scene(experiment_spec const& what, run_options const& how, surroundings& where,
             progress& told, stop_signal& stop)
    : what_(what), how_(how), where_(where), told_(told), servers_(where, told, [&stop] {
          stop.give_up();
      })
{}

result<void> scene::begin()
{
    auto log = undo_log::create(
        how_.state, how_.run,
        {{"experiment", what_.name}, {"docker_socket", where_.docker_socket}, {"run", how_.run}});
    if (!log)
        return log.error();
    undo_.emplace(std::move(*log));
    if (auto const engine = find_engine(what_, where_); !engine)
        return engine.error();
    if (!where_.servers.empty())
        if (auto const begun = servers_.begin(what_.proxies, *undo_, how_.run); !begun)
            return begun;
    auto started = start_processes();
    begun_ = started.has_value();
    return started;
}

result<void> scene::start_processes()
{
    for (auto const& name : what_.target_order) {
        auto const& each = what_.targets.at(name);
        if (!each.process.run)
            continue;
        if (auto const noted = undo_->add(process_started_record(each, where_)); !noted)
            return noted.error();
        if (auto const started = start_process(each, where_); !started)
            return problem{0, fmt::format("the target {}: {}", name, started.error().text)};
        told_.tell(event::level::info, fmt::format("{} runs", name));
    }
    return {};
}

std::vector<problem> scene::undo_all()
{
    return undo_ ? undo_->undo_all(where_) : std::vector<problem>{};
}

}  // namespace aconite::experiment
