#pragma once

#include <aconite/aim.hpp>
#include <aconite/attribute.hpp>
#include <aconite/problem.hpp>
#include <aconite/toxic.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What the toxics have in common that act on the operations of a protocol: rows of attributes, and
/// presets. A preset is a row with a `name`, and values for attributes that are not set.
namespace aconite::toxics {

inline constexpr std::string_view apply_names[] = {"before", "after"};
inline constexpr std::string_view cut_names[] = {"rst", "fin"};

/// Another preset takes the place of one.
struct preset_step {
    std::int64_t at_ms = 0;     ///< after the toxic was created
    std::string_view preset{};  ///< empty: the toxic is removed
};

/// The row `preset`; `names` begin with an empty one for none.
constexpr attribute preset_row(std::span<std::string_view const> names)
{
    return {.name = "preset",
            .summary = "a fault by its name; what else is set wins",
            .kind = attribute_kind::choice,
            .names = names,
            .extra = true};
}

/// The row `fault`; `names` begin with an empty one for what the preset says.
constexpr attribute fault_row(std::string_view summary, std::span<std::string_view const> names)
{
    return {.name = "fault",
            .summary = summary,
            .kind = attribute_kind::choice,
            .names = names,
            .extra = true};
}

constexpr attribute apply_row(std::string_view summary)
{
    return {.name = "apply",
            .summary = summary,
            .kind = attribute_kind::choice,
            .names = apply_names,
            .extra = true};
}

constexpr attribute cut_row(std::string_view summary)
{
    return {.name = "cut",
            .summary = summary,
            .kind = attribute_kind::choice,
            .names = cut_names,
            .extra = true};
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
    return {.name = "delay", .unit = "ms", .summary = summary, .extra = true};
}

/// The names of presets, behind an empty one for none.
template <class Preset, std::size_t Count>
constexpr auto names_of(Preset const (&all)[Count])
{
    std::array<std::string_view, Count + 1> names{};
    for (std::size_t i = 0; i < Count; ++i)
        names[i + 1] = all[i].name;
    return names;
}

/// Where a name stands among the names of a choice, to which it belongs.
inline std::size_t position_of(std::span<std::string_view const> names, std::string_view name)
{
    return static_cast<std::size_t>(std::ranges::find(names, name) - names.begin());
}

/// 400 that names the attribute.
inline problem bad_attribute(std::string_view name, std::string_view must)
{
    return {400, std::string("bad request body: attribute '").append(name).append("' must be ") +
                     std::string(must)};
}

/// Attributes of a toxic and, where they are not set, what its preset says. Refers to both.
template <class Preset>
class preset_values {
public:
    preset_values(attribute_values const& values, std::span<Preset const> all) : values_(&values)
    {
        auto const found =
            std::ranges::find(all, std::string_view(values.text("preset")), &Preset::name);
        if (found != all.end())
            preset_ = &*found;
    }

    /// Null: none.
    [[nodiscard]] Preset const* preset() const { return preset_; }

    /// A text or a choice; an empty one is not set.
    [[nodiscard]] std::string_view text(std::string_view name,
                                        std::string_view Preset::*of_preset) const
    {
        std::string_view const set = values_->text(name);
        return set.empty() && preset_ != nullptr ? preset_->*of_preset : set;
    }
    /// An integer; 0 is not set.
    [[nodiscard]] std::int64_t integer(std::string_view name, std::int64_t Preset::*of_preset) const
    {
        auto const set = (*values_)[name];
        return set == 0 && preset_ != nullptr ? preset_->*of_preset : set;
    }

private:
    attribute_values const* values_;
    Preset const* preset_ = nullptr;
};

/// A fault with what all of them have. `names` are those of the row `fault`: behind the empty one
/// in the order of what a `Fault` does.
template <class Fault, class Preset>
std::shared_ptr<Fault> begin_fault(attribute_values const& values, preset_values<Preset> const& set,
                                   std::span<std::string_view const> names)
{
    auto made = std::make_shared<Fault>();
    auto const kind = position_of(names, set.text("fault", &Preset::fault));
    using act = decltype(made->does);
    made->does = kind == 0 ? act::delay : static_cast<act>(kind - 1);
    made->rate = values.number("rate");
    made->delay = std::chrono::milliseconds(set.integer("delay", &Preset::delay_ms));
    made->only_delays = made->does == act::delay;
    made->after = values.choice("apply") == "after";
    made->cut = values.choice("cut") == "fin" ? ending::close : ending::reset;
    return made;
}

/// What follows a preset by itself, as its `steps` say; of none, nothing.
template <class Preset>
std::vector<schedule_step> schedule_of(Preset const* preset)
{
    std::vector<schedule_step> made;
    if (preset == nullptr)
        return made;
    for (preset_step const& each : preset->steps) {
        auto& step = made.emplace_back(schedule_step{each.at_ms, schedule_step::action::remove});
        if (each.preset.empty())
            continue;
        step.what = schedule_step::action::update;
        step.attributes = {{"preset", attribute_value(std::string(each.preset))}};
    }
    return made;
}

}  // namespace aconite::toxics
