#pragma once

#include <aconite/attribute.hpp>

#include <cstddef>
#include <span>
#include <string_view>

/// Rows of attributes, for the toxics that act on the operations of a protocol.
namespace aconite::toxics {

inline constexpr std::string_view apply_names[] = {"before", "after"};
inline constexpr std::string_view cut_names[] = {"rst", "fin"};

constexpr attribute choice_row(std::string_view name, std::string_view summary,
                               std::span<std::string_view const> names)
{
    return {.name = name,
            .summary = summary,
            .kind = attribute_kind::choice,
            .names = names,
            .extra = true};
}

constexpr attribute text_row(std::string_view name, std::string_view summary)
{
    return {.name = name, .summary = summary, .kind = attribute_kind::text, .extra = true};
}

constexpr attribute ms_row(std::string_view name, std::string_view summary)
{
    return {.name = name, .unit = "ms", .summary = summary, .extra = true};
}

/// The row `preset`; `names` begin with an empty one for none.
constexpr attribute preset_row(std::span<std::string_view const> names)
{
    return choice_row("preset", "a fault by its name; what else is set wins", names);
}

/// The row `fault`; `names` begin with an empty one for what the preset says.
constexpr attribute fault_row(std::string_view summary, std::span<std::string_view const> names)
{
    return choice_row("fault", summary, names);
}

constexpr attribute apply_row(std::string_view summary)
{
    return choice_row("apply", summary, apply_names);
}

constexpr attribute cut_row(std::string_view summary)
{
    return choice_row("cut", summary, cut_names);
}

constexpr attribute rate_row(std::string_view summary)
{
    return {.name = "rate",
            .summary = summary,
            .fallback = 1,
            .maximum = 1,
            .kind = attribute_kind::number,
            .extra = true};
}

constexpr attribute delay_row(std::string_view summary)
{
    return ms_row("delay", summary);
}

}  // namespace aconite::toxics
