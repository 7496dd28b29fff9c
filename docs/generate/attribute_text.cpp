#include "docs/generate/attribute_text.hpp"

#include <fmt/format.h>

#include <type_traits>
#include <variant>

namespace aconite::docs {
namespace {

/// 1000000 as 1,000,000.
std::string grouped(std::int64_t value)
{
    auto text = std::to_string(value);
    auto const first = value < 0 ? 1U : 0U;
    for (auto at = text.size(); at > first + 3; at -= 3)
        text.insert(at - 3, ",");
    return text;
}

std::string names_text(attribute const& row)
{
    std::string text;
    for (auto const& name : row.names)
        if (!name.empty())
            text += fmt::format("{}`{}`", text.empty() ? "" : ", ", name);
    return text;
}

std::string range_text(attribute const& row)
{
    return grouped(row.minimum) + " to " + grouped(row.maximum);
}

/// By what the attribute holds, so that a kind that is added needs a line only here.
struct describe {
    attribute const& row;

    struct columns {
        std::string kind, bounds, fallback;
    };

    columns operator()(std::int64_t value) const
    {
        return {"integer", range_text(row), grouped(value)};
    }
    columns operator()(double value) const
    {
        return {"number", range_text(row), fmt::format("{}", value)};
    }
    columns operator()(bool value) const
    {
        return {"flag", "`true`, `false`", fmt::format("`{}`", value)};
    }
    columns operator()(std::string const& value) const
    {
        auto const fallback = value.empty() ? "none" : fmt::format("`{}`", value);
        switch (row.kind) {
        case attribute_kind::pattern:
            if (row.glob)
                return {"glob", "as of KEYS, 1,000 characters", fallback};
            return {"regular expression", "RE2, 1,000 characters", fallback};
        case attribute_kind::list:
            return {"names", "with commas between them", fallback};
        case attribute_kind::text:
            return {"text", "", fallback};
        default:
            return {"choice", names_text(row), fallback};
        }
    }
    columns operator()(named_numbers const&) const
    {
        auto const names = row.names.empty() ? "" : names_text(row) + ": ";
        return {"numbers", names + "each " + range_text(row), "none"};
    }
};

describe::columns columns_of(attribute const& row)
{
    return std::visit(describe{row}, row.fallback_value());
}

}  // namespace

std::string kind_text(attribute const& row)
{
    return columns_of(row).kind;
}

std::string bounds_text(attribute const& row)
{
    return columns_of(row).bounds;
}

std::string fallback_text(attribute const& row)
{
    return columns_of(row).fallback;
}

}  // namespace aconite::docs
