#include "clients/experiment/file/read.hpp"

#include "clients/experiment/file/reading.hpp"
#include "clients/experiment/values/suggestion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace aconite::experiment {
namespace {

/// Keys of the file whose values are more than a scalar.
constexpr std::array<std::string_view, 11> sections = {
    "vars",         "servers", "proxies", "targets",    "probes", "metrics",
    "steady_state", "load",    "phases",  "validation", "custom"};
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
    bool const is_section = std::ranges::find(sections, from.key) != sections.end();
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
    if (!vars->is_mapping()) {
        found.add(vars->at, "vars must be a mapping of names");
        return known;
    }
    for (auto& each : vars->members) {
        known.fill(each.value, found);
        known.fallbacks[each.key] = each.value.text;
    }
    return known;
}

void read_servers(node const& section, reading& to)
{
    if (!section.is_mapping()) {
        to.found.add(section.at, "servers must be a mapping of names to URLs");
        return;
    }
    for (auto const& each : section.members)
        if (each.value.is_scalar())
            to.into.servers.emplace_back(each.key, each.value.text);
        else
            to.found.add(each.value.at, fmt::format("the server {} must be a URL", each.key));
}

void read_proxies(node const& section, reading& to)
{
    if (!section.is_list()) {
        to.found.add(section.at, "proxies must be a list");
        return;
    }
    for (auto const& each : section.items) {
        for (auto const* key : {"name", "upstream"})
            if (auto const* text = each.find(key); text == nullptr || !text->is_scalar())
                to.found.add(each.at, fmt::format("a proxy needs '{}'", key));
        to.into.proxies.push_back(json_of(each));
    }
}

void read_head(node const& root, reading& to)
{
    auto const how = decode_all(experiment_fields(), root, sections, "an experiment", to.found);
    auto& into = to.into;
    into.name = how.text("name");
    into.description = how.text("description");
    into.hypothesis = how.text("hypothesis");
    into.learning = how.text("learning");
    into.improvement = how.text("improvement");
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
    if (auto const* custom = root.find("custom"))
        for (auto const& each : custom->members)
            to.customs[each.key] = &each.value;
    using reader = void (*)(node const&, reading&);
    constexpr std::pair<std::string_view, reader> readers[] = {
        {"servers", read_servers}, {"proxies", read_proxies}, {"targets", read_targets},
        {"probes", read_probes},   {"metrics", read_probes},  {"load", read_loads},
        {"phases", read_phases}};
    for (auto const& [key, read] : readers)
        if (auto const* section = root.find(key);
            section != nullptr && section->is != node::form::nothing)
            read(*section, to);
    if (root.find("phases") == nullptr)
        found.add(root.at, "an experiment needs 'phases': what is done, and when");
    if (auto const* section = root.find("steady_state"))
        into.steady_state = read_checks(*section, "steady_state", to);
    if (auto const* section = root.find("validation"))
        into.validation = read_checks(*section, "validation", to);
    check_names(to);
    return into;
}

std::string to_text(file_fault const& fault, std::span<source const> sources)
{
    auto const file = static_cast<std::size_t>(fault.at.file);
    auto const name = file < sources.size() ? sources[file].name : std::string();
    if (fault.at.line == 0)
        return fmt::format("{}: {}", name, fault.text);
    return fmt::format("{}:{}:{}: {}", name, fault.at.line, fault.at.column, fault.text);
}

}  // namespace aconite::experiment
