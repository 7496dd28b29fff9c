#include "clients/experiment/file/read.hpp"

#include "clients/experiment/file/reading.hpp"
#include "clients/experiment/values/suggestion.hpp"

#include <aconite/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace aconite::experiment {
namespace {

std::vector<std::string_view> section_names()
{
    std::vector<std::string_view> names;
    for (auto const& each : section_fields())
        names.push_back(each.name);
    return names;
}

/// Those that an environment file is for: it may have them, and nothing else is needed.
constexpr std::array<std::string_view, 4> lists = {"proxies", "steady_state", "phases",
                                                   "validation"};

void set_file(node& in, int file)
{
    in.at.file = file;
    for (auto& each : in.items)
        set_file(each, file);
    for (auto& each : in.members) {
        each.at.file = file;
        set_file(each.value, file);
    }
}

void merge_member(node& into, node::member from)
{
    auto const same = std::ranges::find(into.members, from.key, &node::member::key);
    if (same == into.members.end()) {
        into.members.push_back(std::move(from));
        return;
    }
    auto const sections = section_fields();
    bool const is_section = std::ranges::find(sections, from.key, &field::name) != sections.end();
    if (is_section && same->value.is_mapping() && from.value.is_mapping() && from.key != "load") {
        for (auto& each : from.value.members)
            if (same->value.find(each.key) == nullptr)
                same->value.members.push_back(std::move(each));
    } else if (std::ranges::find(lists, from.key) != lists.end() && from.key != "phases") {
        for (auto& each : from.value.items)
            same->value.items.push_back(std::move(each));
    }
}

/// All sources as one document; what an earlier one says wins.
node merged(std::span<source const> sources, faults& found)
{
    node all{.is = node::form::mapping, .at = {1, 1}};
    for (std::size_t i = 0; i < sources.size(); ++i) {
        auto read = read_yaml(sources[i].text);
        if (auto* fault = std::get_if<file_fault>(&read)) {
            fault->at.file = static_cast<int>(i);
            found.add(fault->at, fault->text);
            continue;
        }
        auto& root = std::get<node>(read);
        set_file(root, static_cast<int>(i));
        if (!root.is_mapping()) {
            found.add(root.at, "a file must be a mapping, such as `name: ...`");
            continue;
        }
        for (auto& member : root.members)
            merge_member(all, std::move(member));
    }
    return all;
}

variables with_vars(node& root, variables known, faults& found)
{
    auto* vars = root.find("vars");
    if (vars == nullptr)
        return known;
    if (vars->is == node::form::nothing)
        return known;
    if (!vars->is_mapping()) {
        found.add(vars->at, "vars must be a mapping of names");
        return known;
    }
    for (auto& each : vars->members) {
        if (!each.value.is_scalar() && each.value.is != node::form::nothing) {
            found.add(each.value.at, fmt::format("the variable {} must be text", each.key));
            continue;
        }
        known.fill(each.value, found);
        known.fallbacks[each.key] = each.value.text;
    }
    return known;
}

void read_customs(node const& root, reading& to)
{
    auto const* custom = root.find("custom");
    if (custom == nullptr || custom->is == node::form::nothing)
        return;
    if (!custom->is_mapping())
        to.found.add(custom->at, "custom must be a mapping of names to checks");
    for (auto const& each : custom->members)
        if (each.value.is_mapping())
            to.customs[each.key] = &each.value;
        else
            to.found.add(each.value.at, fmt::format("the check {} must be a mapping", each.key));
}

/// YAML's block texts end with a line end of their own.
std::string paragraph(std::string text)
{
    auto const last = text.find_last_not_of(" \n");
    text.resize(last == text.npos ? 0 : last + 1);
    return text;
}

void read_head(node const& root, reading& to)
{
    auto const how =
        decode_all(experiment_fields(), root, section_names(), "an experiment", to.found);
    auto& into = to.into;
    into.name = how.text("name");
    into.description = paragraph(how.text("description"));
    into.hypothesis = paragraph(how.text("hypothesis"));
    into.learning = paragraph(how.text("learning"));
    into.improvement = paragraph(how.text("improvement"));
    into.interval = how.duration("interval", into.interval);
    into.cool_down = how.duration("cool_down");
    if (how.has("seed"))
        into.seed = static_cast<std::uint64_t>(how.whole("seed"));
}

}  // namespace

experiment_spec read_experiment(std::span<source const> sources, catalog const& kinds,
                                variables const& known, faults& found)
{
    experiment_spec into;
    auto root = merged(sources, found);
    if (found.any())
        return into;
    with_vars(root, known, found).fill(root, found);

    reading to{kinds, into, found};
    read_head(root, to);
    read_customs(root, to);
    using reader = void (*)(node const&, reading&);
    constexpr std::pair<std::string_view, reader> readers[] = {
        {"servers", read_servers}, {"proxies", read_proxies}, {"targets", read_targets},
        {"probes", read_probes},   {"metrics", read_probes},  {"load", read_loads},
        {"phases", read_phases}};
    for (auto const& [key, read] : readers)
        if (auto const* section = root.find(key);
            section != nullptr && section->is != node::form::nothing)
            read(*section, to);
    if (auto const* phases = root.find("phases");
        phases == nullptr || phases->is == node::form::nothing)
        found.add(phases != nullptr ? phases->at : root.at,
                  "an experiment needs 'phases': what is done, and when");
    for (auto const& [stage, checks] :
         {std::pair("steady_state", &into.steady_state), std::pair("validation", &into.validation)})
        if (auto const* section = root.find(stage);
            section != nullptr && section->is != node::form::nothing)
            *checks = read_checks(*section, stage, to);
    check_names(to);
    return into;
}

std::string to_text(file_fault const& fault, std::span<source const> sources)
{
    auto const file = static_cast<std::size_t>(fault.at.file);
    auto const name = file < sources.size() ? sources[file].name : std::string();
    auto const text = printable(fault.text);
    if (fault.at.line == 0)
        return fmt::format("{}: {}", name, text);
    return fmt::format("{}:{}:{}: {}", name, fault.at.line, fault.at.column, text);
}

}  // namespace aconite::experiment
