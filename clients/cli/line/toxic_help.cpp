#include "clients/cli/line/toxic_help.hpp"

#include <aconite/aim.hpp>
#include <aconite/toxic_type.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace aconite::cli {
namespace {

/// What stands for the value: its unit or, without one, its bounds.
std::string value_of(attribute const& row)
{
    if (row.kind == attribute_kind::choice)
        return "name";
    if (row.kind == attribute_kind::flag)
        return "true or false";
    if (row.kind == attribute_kind::text)
        return "text";
    if (row.kind == attribute_kind::pattern)
        return row.glob ? "glob" : "regular expression";
    if (row.kind == attribute_kind::list)
        return "name,name";
    return row.unit.empty() ? fmt::format("{} to {}", row.minimum, row.maximum)
                            : std::string(row.unit);
}

/// How it is written on the command line.
std::string usage_of(attribute const& row)
{
    auto const* const member = row.kind == attribute_kind::numbers ? ".<name>" : "";
    return fmt::format("{}{}=<{}>", row.name, member, value_of(row));
}

std::string summary_of(attribute const& row)
{
    std::string text(row.summary);
    // The empty one says nothing by itself: the preset does, or another attribute.
    auto const first = !row.names.empty() && row.names.front().empty() ? 1U : 0U;
    if (!row.names.empty())
        text += fmt::format(": {}", fmt::join(row.names.subspan(first), ", "));
    if (row.kind == attribute_kind::choice) {
        if (auto const usual = std::get<std::string>(row.fallback_value()); !usual.empty())
            text += fmt::format(" (default {})", usual);
    } else if (row.kind == attribute_kind::flag)
        text += fmt::format(" (default {})", row.fallback != 0);
    else if (row.fallback != 0)
        text += fmt::format(" (default {})", row.fallback);
    return text;
}

std::size_t width_of(std::span<attribute const> rows)
{
    std::size_t width = 0;
    for (auto const& row : rows)
        width = std::max(width, usage_of(row).size());
    return width;
}

std::string lines_of(std::span<attribute const> rows, std::size_t width)
{
    std::string out;
    for (auto const& row : rows)
        out += fmt::format("    {:<{}}  {}\n", usage_of(row), width, summary_of(row));
    return out;
}

}  // namespace

std::string toxic_help()
{
    auto const registry = toxic_registry::builtin();
    std::size_t width = 0;
    for (auto const* type : registry.all())
        width = std::max(width, width_of(type->attributes));

    std::string out = "Toxics and their attributes:\n";
    for (auto const* type : registry.all()) {
        out += fmt::format("  {:<{}}  {}\n", type->name, width + 2, type->summary);
        out += lines_of(type->attributes, width);
    }
    return out;
}

std::string aim_help()
{
    auto const registry = toxic_registry::builtin();
    auto width = std::max(width_of(match_row()), width_of(trigger_row()));
    for (auto const* protocol : registry.protocols())
        width = std::max(width, width_of(protocol->match));
    auto out = "Which connections it acts on, --match:\n" + lines_of(match_row(), width);
    for (auto const* protocol : registry.protocols())
        out += fmt::format("And which operations of the protocol {}:\n", protocol->name) +
               lines_of(protocol->match, width);
    return out + "When it acts on them, --trigger:\n" + lines_of(trigger_row(), width);
}

}  // namespace aconite::cli
