#pragma once

#include "toxics/fault_rows.hpp"
#include "toxics/outcome.hpp"

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

/// What the toxics have in common that act on the operations of a protocol. A preset is a row with
/// a `name`, and values for attributes that are not set.
namespace aconite::toxics {

/// Another preset takes the place of one.
struct preset_step {
    std::int64_t at_ms = 0;     ///< after the toxic was created
    std::string_view preset{};  ///< empty: the toxic is removed
};

/// A preset of a protocol of commands. Empty, but for the name and the fault: the attribute's
/// fallback.
struct command_preset {
    std::string_view name;
    std::string_view fault;
    std::string_view error{};
    std::string_view then{};
    std::string_view command{};  ///< which commands, if the match does not say
    std::int64_t delay_ms = 0;
    std::span<preset_step const> steps{};  ///< what follows it, if the schedule does not say
};

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

/// 400 unless something is to be done, and a delay is one.
inline result<void> check_kind(std::string_view kind, std::int64_t delay)
{
    if (kind.empty() && delay == 0)
        return bad_attribute("fault", "set, or 'preset'");
    if (kind == "delay" && delay == 0)
        return bad_attribute("delay", "at least 1 ms for the fault delay");
    return {};
}

/// Attributes of a toxic and, where they are not set, what its preset says. Refers to both.
template <class Preset>
class preset_values {
public:
    template <std::size_t Count>
    preset_values(attribute_values const& values, Preset const (&all)[Count]) : values_(&values)
    {
        auto const found =
            std::ranges::find(all, std::string_view(values.text("preset")), &Preset::name);
        if (found != std::end(all))
            preset_ = found;
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

/// A fault with what all of them have; of `then` only what a disconnect says. `names` are those of
/// the row `fault`: behind the empty one in the order of what a `Fault` does.
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
    if (made->does == act::disconnect)
        made->then = outcome_of(made->cut);
    return made;
}

/// What becomes of the connection, as `then` says, or `otherwise` where it says nothing.
inline outcome outcome_of(std::string_view then, outcome otherwise)
{
    auto const said = static_cast<outcome>(position_of(outcome_names, then));
    return said == outcome::goes_on ? otherwise : said;
}

/// What follows the preset, one of `All`, by itself, as its `steps` say; none: nothing.
template <auto const& All>
std::vector<schedule_step> implied_schedule(attribute_values const& values)
{
    std::vector<schedule_step> made;
    auto const* const preset = preset_values(values, All).preset();
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
