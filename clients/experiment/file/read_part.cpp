#include "clients/experiment/file/reading.hpp"
#include "clients/experiment/values/suggestion.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace aconite::experiment {
namespace {

kind const* kind_named(std::span<kind const* const> kinds, std::string_view name)
{
    auto const found =
        std::ranges::find_if(kinds, [&](kind const* each) { return each->name == name; });
    return found == kinds.end() ? nullptr : *found;
}

std::vector<std::string_view> names_of(std::span<kind const* const> kinds)
{
    std::vector<std::string_view> names;
    for (auto const* each : kinds)
        names.push_back(each->name);
    return names;
}

field const* field_of(kind const& row, std::string_view name)
{
    auto const found = std::ranges::find(row.fields, name, &field::name);
    return found == row.fields.end() ? nullptr : &*found;
}

/// Whether a mapping behind the kind's own key is the value of its primary field.
bool takes_mapping(kind const& row)
{
    auto const* primary = field_of(row, row.primary);
    return primary != nullptr &&
           (primary->type == field_type::object || primary->type == field_type::any);
}

/// The kind's rows, with the primary one under the kind's name.
std::vector<field> rows_under_its_key(kind const& row)
{
    std::vector<field> rows(row.fields.begin(), row.fields.end());
    for (auto& each : rows)
        if (each.name == row.primary)
            each.name = row.name;
    return rows;
}

/// Keys that two kinds have, such as `type` of a toxic and of an action, are the kind's own.
std::vector<std::string_view> without(std::span<std::string_view const> keys,
                                      std::span<field const> rows)
{
    std::vector<std::string_view> left;
    for (auto const key : keys)
        if (std::ranges::find(rows, key, &field::name) == rows.end())
            left.push_back(key);
    return left;
}

/// Of the caller's keys, what may also stand among a kind's settings, as Pumba has it.
std::vector<std::string_view> inside(std::span<std::string_view const> beside,
                                     std::span<field const> rows)
{
    constexpr std::string_view shared[] = {"duration"};
    auto const is_shared = std::ranges::find(beside, shared[0]) != beside.end();
    return is_shared ? without(shared, rows) : std::vector<std::string_view>();
}

settings read_short(kind const& row, node const& mapping, node const& value,
                    std::span<std::string_view const> beside, std::string_view what, faults& found)
{
    if (value.is_mapping() && !takes_mapping(row)) {
        std::vector<std::string_view> rest(beside.begin(), beside.end());
        rest.push_back(row.name);
        decode_all({}, mapping, rest, what, found);
        return decode_all(row.fields, value, inside(beside, row.fields), what, found);
    }
    if (row.primary.empty()) {  // its value, if there is one, is what it is aimed at
        std::vector<std::string_view> rest(beside.begin(), beside.end());
        rest.push_back(row.name);
        return decode_all(row.fields, mapping, without(rest, row.fields), what, found);
    }
    auto read = decode_all(rows_under_its_key(row), mapping, beside, what, found);
    settings renamed;
    for (auto const& each : row.fields) {
        auto const name = each.name == row.primary ? row.name : each.name;
        if (auto const* entry = read.find_entry(name))
            renamed.set(std::string(each.name), *entry);
    }
    return renamed;
}

}  // namespace

std::optional<part_spec> read_part(node const& mapping, std::span<kind const* const> kinds,
                                   std::span<std::string_view const> beside, std::string_view what,
                                   faults& found)
{
    if (!mapping.is_mapping()) {
        found.add(mapping.at, fmt::format("{} must be a mapping", what));
        return std::nullopt;
    }
    node::member const* by_key = nullptr;
    kind const* row = nullptr;
    for (auto const& member : mapping.members)
        if (auto const* known = kind_named(kinds, member.key)) {
            // `{prometheus: URL, command: ...}` has one kind; which of two would be guessing.
            if (row != nullptr && field_of(*row, member.key) == nullptr) {
                found.add(member.at,
                          fmt::format("{} has two kinds: {} and {}", what, row->name, member.key));
                return std::nullopt;
            }
            if (row == nullptr) {
                row = known;
                by_key = &member;
            }
        }
    auto const* type = mapping.find("type");
    if (row != nullptr && type != nullptr && field_of(*row, "type") == nullptr &&
        kind_named(kinds, type->text) != row && kind_named(kinds, type->text) != nullptr) {
        found.add(type->at,
                  fmt::format("{} has two kinds: {} and {}", what, row->name, type->text));
        return std::nullopt;
    }
    if (row != nullptr)
        return part_spec{{},
                         std::string(row->name),
                         mapping.at,
                         read_short(*row, mapping, by_key->value, beside, what, found)};

    if (type == nullptr || !type->is_scalar()) {
        // Mostly the kind is a key that is misspelt; one of the caller's keys is not.
        auto const names = names_of(kinds);
        auto const* guessed_at = &mapping.at;
        std::string guess;
        for (auto const& member : mapping.members)
            if (guess.empty() && std::ranges::find(beside, member.key) == beside.end())
                if (guess = closest(member.key, names); !guess.empty())
                    guessed_at = &member.at;
        if (guess.empty())
            guess = fmt::format("; there are: {}", fmt::join(names, ", "));
        found.add(*guessed_at, fmt::format("{} has no kind that is known{}", what, guess));
        return std::nullopt;
    }
    row = kind_named(kinds, type->text);
    if (row == nullptr) {
        found.add(type->at, fmt::format("{}: no kind is called '{}'{}", what, type->text,
                                        suggestion(type->text, names_of(kinds))));
        return std::nullopt;
    }
    decode_all({}, mapping, beside, what, found);
    node const none{.is = node::form::mapping, .at = mapping.at};
    auto const* params = mapping.find("params");
    auto const& given = params != nullptr && params->is_mapping() ? *params : none;
    return part_spec{{},
                     std::string(row->name),
                     mapping.at,
                     decode_all(row->fields, given, inside(beside, row->fields), what, found)};
}

}  // namespace aconite::experiment
