#include "clients/experiment/file/reading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace aconite::experiment {
namespace {

constexpr std::array<std::string_view, 7> action_keys = {"type",     "target", "targets", "params",
                                                         "duration", "at",     "name"};

/// Where an action says what it is aimed at: by those keys, or `{kill: worker}`.
std::vector<node const*> target_nodes(node const& written, kind const& row)
{
    std::vector<node const*> found;
    auto const add = [&](node const* list) {
        if (list != nullptr && list->is_scalar())
            found.push_back(list);
        if (list != nullptr && list->is_list())
            for (auto const& each : list->items)
                found.push_back(&each);
    };
    add(written.find("target"));
    add(written.find("targets"));
    if (row.primary == "targets")
        for (auto const* inside : {written.find("params"), written.find(row.name)})
            if (inside != nullptr)
                add(inside->find("targets"));
    if (found.empty() && (row.primary.empty() || row.primary == "targets"))
        add(written.find(row.name));
    return found;
}

std::optional<nanoseconds> time_of(std::string_view name, node const* written, faults& found)
{
    if (written == nullptr)
        return std::nullopt;
    auto const row = std::ranges::find(action_fields(), name, &field::name);
    auto const entry = decode(*row, *written, found);
    return entry ? std::optional(nanoseconds(entry->value.get<std::int64_t>())) : std::nullopt;
}

/// `params: {duration: 30s}`, as Pumba has it, is the action's own.
std::optional<nanoseconds> duration_of(node const& written, std::string_view type, faults& found)
{
    if (auto const* own = written.find("duration"))
        return time_of("duration", own, found);
    for (auto const* inside : {written.find("params"), written.find(type)})
        if (inside != nullptr && inside->is_mapping())
            if (auto const* own = inside->find("duration"))
                return time_of("duration", own, found);
    return std::nullopt;
}

std::optional<action_spec> read_action(node const& written, std::string_view phase, reading& to)
{
    std::vector<kind const*> kinds;
    for (auto const& each : to.kinds.actions)
        kinds.push_back(each.row);
    auto part =
        read_part(written, kinds, action_keys, fmt::format("an action of {}", phase), to.found);
    if (!part)
        return std::nullopt;
    action_spec made{{std::move(*part)}};
    auto const row = std::ranges::find_if(
        to.kinds.actions, [&](action_row const& each) { return each.row->name == made.type; });

    if (written.find("params") != nullptr && written.find(made.type) != nullptr)
        to.found.add(
            written.find("params")->at,
            fmt::format("params goes with 'type: {}'; here settings stand beside or in '{}'",
                        made.type, made.type));
    for (auto const* key : {"target", "targets", "name", "params"})
        if (auto const* given = written.find(key))
            static_cast<void>(
                decode(*std::ranges::find(action_fields(), key, &field::name), *given, to.found));
    for (auto const& field : row->row->fields)
        if (field.type == field_type::expression && made.how.has(field.name))
            use_expression(made.how.text(field.name), made.how.at(field.name), to);
    bool const goes_by_proxy =
        row->aims_at.find("proxy") != std::string_view::npos && made.how.text("via") != "container";
    for (auto const* each : target_nodes(written, *row->row)) {
        made.targets.push_back(each->text);
        if (row->aims_at.empty())
            to.found.add(each->at, fmt::format("{} takes no target", made.type));
        else
            to.uses.push_back({goes_by_proxy ? named_use::as::proxy : named_use::as::target,
                               each->at, each->text});
    }
    if (!row->aims_at.empty() && made.targets.empty())
        to.found.add(made.at, fmt::format("{} needs a target: a {}", made.type, row->aims_at));

    made.offset = time_of("at", written.find("at"), to.found).value_or(nanoseconds());
    made.duration = duration_of(written, made.type, to.found);
    if (made.duration && !made.how.has("duration"))  // which some have to know themselves
        made.how.set("duration", {made.duration->count(), made.at, to_text(*made.duration)});
    if (auto const* name = written.find("name"); name != nullptr && !made.how.has("name"))
        made.name = name->text;
    if (made.name.empty())
        made.name = made.targets.empty() ? made.type
                                         : fmt::format("{} {}", made.type, made.targets.front());
    return made;
}

void read_phase(node const& written, reading& to)
{
    constexpr std::array<std::string_view, 1> beside = {"actions"};
    if (!written.is_mapping()) {
        to.found.add(written.at, "a phase must be a mapping");
        return;
    }
    auto const* named = written.find("name");
    auto const what =
        fmt::format("the phase {}", named != nullptr ? named->text : std::string("without a name"));
    auto const how = decode_all(phase_fields(), written, beside, what, to.found);
    phase_spec made{.name = how.text("name"),
                    .description = how.text("description"),
                    .at = written.at,
                    .duration = how.duration("duration")};
    if (how.has("until"))
        made.until = use_expression(how.text("until"), how.at("until"), to);
    if (std::ranges::find(to.into.phases, made.name, &phase_spec::name) != to.into.phases.end())
        to.found.add(written.at, fmt::format("a second phase is called {}", made.name));
    if (auto const* actions = written.find("actions")) {
        if (!actions->is_list() && actions->is != node::form::nothing)
            to.found.add(actions->at, "actions must be a list");
        for (auto const& each : actions->items)
            if (auto action = read_action(each, what, to)) {
                if (how.has("duration") && action->offset > made.duration)
                    to.found.add(each.find("at")->at,
                                 fmt::format("at {} is behind the end of {}, which takes {}",
                                             to_text(action->offset), what,
                                             to_text(made.duration)));
                made.actions.push_back(std::move(*action));
            }
    }
    to.into.phases.push_back(std::move(made));
}

}  // namespace

void read_phases(node const& section, reading& to)
{
    if (!section.is_list() || section.items.empty()) {
        to.found.add(section.at, "phases must be a list of at least one phase");
        return;
    }
    for (auto const& each : section.items)
        read_phase(each, to);
}

}  // namespace aconite::experiment
