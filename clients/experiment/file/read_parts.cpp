#include "clients/experiment/file/reading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace aconite::experiment {
namespace {

/// A name that an expression can hold.
bool is_name(std::string_view text)
{
    auto const begins = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    return !text.empty() && begins(text.front()) && std::ranges::all_of(text, [&](char c) {
        return begins(c) || (c >= '0' && c <= '9') || c == '.';
    });
}

void check_name(node::member const& member, std::string_view what, faults& found)
{
    constexpr std::array<std::string_view, 5> taken = {"and", "or", "not", "true", "false"};
    if (!is_name(member.key))
        found.add(member.at, fmt::format("{} {}: a name has letters, digits, _ and . and begins "
                                         "with a letter or _",
                                         what, member.key));
    else if (std::ranges::find(taken, member.key) != taken.end())
        found.add(member.at,
                  fmt::format("{} {}: this word means something in expressions", what, member.key));
}

}  // namespace

void read_probes(node const& section, reading& to)
{
    if (!section.is_mapping()) {
        to.found.add(section.at, "probes must be a mapping of names");
        return;
    }
    for (auto const& member : section.members) {
        check_name(member, "the probe", to.found);
        auto part = read_part(member.value, to.kinds.probes, {},
                              fmt::format("the probe {}", member.key), to.found);
        if (!part)
            continue;
        part->name = member.key;
        if (std::ranges::find(to.into.probes, part->name, &part_spec::name) != to.into.probes.end())
            continue;  // the first file wins
        to.into.probes.push_back(std::move(*part));
    }
}

void read_loads(node const& section, reading& to)
{
    constexpr std::array<std::string_view, 1> beside = {"name"};
    if (!section.is_mapping() && !section.is_list()) {
        to.found.add(section.at, "load must be a mapping, or a list of them with names");
        return;
    }
    auto const one = std::vector<node>{section};
    auto const& all = section.is_list() ? section.items : one;
    for (auto const& each : all) {
        auto const* name = each.find("name");
        auto const what =
            name != nullptr ? fmt::format("the load {}", name->text) : std::string("the load");
        if (name != nullptr && !name->is_scalar()) {
            to.found.add(name->at, "name must be text");
            continue;
        }
        auto part = read_part(each, to.kinds.loads, beside, what, to.found);
        if (!part)
            continue;
        part->name = name != nullptr ? name->text : "load";
        if (!is_name(part->name))
            to.found.add(name->at, fmt::format("{}: a name has letters, digits, _ and . and begins "
                                               "with a letter or _",
                                               what));
        if (std::ranges::find(to.into.loads, part->name, &part_spec::name) != to.into.loads.end())
            to.found.add(each.at,
                         fmt::format("a second load is called {}: give it a name", part->name));
        to.into.loads.push_back(std::move(*part));
    }
}

}  // namespace aconite::experiment
