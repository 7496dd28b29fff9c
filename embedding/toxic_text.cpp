// A toxic in words.
#include <aconite/text.hpp>
#include <aconite/toxic_type.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <string_view>
#include <utility>
#include <variant>

namespace aconite {
namespace {

/// As few digits as read back; without an exponent where that is not much longer.
template <class Number>
std::string shortest(Number number)
{
    auto const size = std::abs(number);
    auto const plain = size == 0 || (size > 1e-7 && size < 1e15);
    char digits[40];
    auto const end = std::to_chars(std::begin(digits), std::end(digits), number,
                                   plain ? std::chars_format::fixed : std::chars_format::general)
                         .ptr;
    return {digits, end};
}

struct value_words {
    std::string operator()(std::string const& text) const { return text; }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(double number) const { return to_text(number); }
    std::string operator()(bool flag) const { return flag ? "true" : "false"; }
    std::string operator()(named_numbers const& numbers) const
    {
        std::string text;
        for (auto const& [name, number] : numbers)
            text += (text.empty() ? "" : ", ") + name + ": " + to_text(number);
        return "{" + text + "}";
    }
};

std::string unit_of(std::span<attribute const> row, std::string_view name)
{
    auto const known = std::ranges::find(row, name, &attribute::name);
    return known == row.end() || known->unit.empty() ? "" : " " + std::string(known->unit);
}

}  // namespace

std::string to_text(double number)
{
    return shortest(number);
}

std::string to_text(float number)
{
    return shortest(number);
}

std::string to_text(attribute_value const& value)
{
    return std::visit(value_words{}, value);
}

std::string to_text(attribute_list const& values, std::span<attribute const> row)
{
    std::string text;
    for (auto const& [name, value] : values)
        text += (text.empty() ? "" : ", ") + name + " " + to_text(value) + unit_of(row, name);
    return printable(text);
}

std::string aim_text(toxic_info const& toxic)
{
    std::string text;
    auto const add = [&](std::string const& part) { text += (text.empty() ? "" : "; ") + part; };
    auto const& aim = toxic.aim;
    if (!aim.match.empty())
        add("match " + to_text(aim.match, {}));
    if (!aim.trigger.empty())
        add("trigger " + to_text(aim.trigger, {}));
    if (aim.ttl_ms)
        add("ttl " + std::to_string(*aim.ttl_ms) + " ms");
    if (aim.schedule)
        add("schedule of " + std::to_string(aim.schedule->size()));
    if (aim.seed)
        add("seed " + std::to_string(*aim.seed));
    if (!aim.lease.empty())
        add("lease " + aim.lease);
    if (!toxic.active)
        add("inactive");
    return printable(text);
}

std::string to_text(toxic_info const& toxic)
{
    auto const registry = toxic_registry::builtin();
    auto const* const known = registry.find(toxic.type);
    auto text = toxic.type + " " + std::string(to_text(toxic.direction));
    if (toxic.toxicity != 1)
        text += ", toxicity " + to_text(toxic.toxicity);
    auto const row = known == nullptr ? std::span<attribute const>() : known->attributes;
    for (auto const& part : {to_text(toxic.attributes, row), aim_text(toxic)})
        if (!part.empty())
            text += ", " + part;
    return printable(text);
}

}  // namespace aconite
