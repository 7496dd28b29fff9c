#include <aconite/attribute.hpp>

#include "toxics/glob.hpp"

#include "proxy/net/number.hpp"
#include "proxy/net/split.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>

namespace aconite {
namespace {

/// Position of `name` in `row`, or the row's size.
std::size_t position_of(std::span<attribute const> row, std::string_view name)
{
    auto const found = std::ranges::find(row, name, &attribute::name);
    return static_cast<std::size_t>(found - row.begin());
}

std::string text_of(double value)
{
    char digits[32];
    return {digits, std::to_chars(std::begin(digits), std::end(digits), value).ptr};
}

std::string text_of(std::int64_t value)
{
    return std::to_string(value);
}

std::string list_of(std::span<std::string_view const> names)
{
    std::string text;
    for (auto const& name : names)
        text.append(text.empty() ? "" : ", ").append(name);
    return text;
}

problem must_be(std::string_view name, std::string_view what)
{
    std::string text = "bad request body: attribute '";
    return {400, text.append(name).append("' must be ").append(what)};
}

/// `name` is that of the attribute or, in a group of numbers, of one of them.
template <class Number>
result<void> within_bounds(attribute const& a, std::string const& name, Number value)
{
    auto const minimum = static_cast<Number>(a.minimum);
    auto const maximum = static_cast<Number>(a.maximum);
    if (value >= minimum && value <= maximum)
        return {};
    std::string text = "between " + text_of(a.minimum) + " and " + text_of(a.maximum);
    if (!a.unit.empty())
        text.append(" ").append(a.unit);
    return must_be(name, text + ", not " + text_of(value));
}

result<void> check_choice(attribute const& a, std::string const& value)
{
    if (std::ranges::find(a.names, value) != a.names.end())
        return {};
    return must_be(a.name, "one of " + list_of(a.names) + ", not '" + value.substr(0, 60) + "'");
}

/// In characters: what one needs to find a statement, and too little to need megabytes.
constexpr std::size_t pattern_max = 1000;

result<void> check_pattern(attribute const& a, std::string const& value)
{
    if (value.size() > pattern_max)
        return must_be(a.name,
                       (a.glob ? "a glob of at most " : "a regular expression of at most ") +
                           std::to_string(pattern_max) + " characters, not " +
                           std::to_string(value.size()));
    re2::RE2::Options how(re2::RE2::Quiet);
    how.set_encoding(a.binary ? re2::RE2::Options::EncodingLatin1
                              : re2::RE2::Options::EncodingUTF8);
    re2::RE2 const read(a.expression(value), how);
    if (read.ok())
        return {};
    return must_be(a.name, "a regular expression (RE2): " + read.error());
}

/// A whole number, or two that do not fall with a dash between them.
bool is_range(std::string_view text)
{
    auto const dash = text.find('-');
    auto const first = number_in<std::uint64_t>(text.substr(0, dash));
    auto const last = dash == text.npos ? first : number_in<std::uint64_t>(text.substr(dash + 1));
    return first && last && *first <= *last;
}

result<void> check_list(attribute const& a, std::string const& value)
{
    if (value.size() > pattern_max)
        return must_be(a.name, "a list of at most " + std::to_string(pattern_max) +
                                   " characters, not " + std::to_string(value.size()));
    for (std::string_view rest = value; a.ranges && !rest.empty();)
        if (auto const one = take_item(rest); !is_range(one))
            return must_be(a.name, "made of whole numbers and ranges such as 0,3,7-9, not '" +
                                       std::string(one.substr(0, 60)) + "'");
    return {};
}

result<void> check_numbers(attribute const& a, named_numbers const& values)
{
    for (auto const& [name, value] : values) {
        if (!a.names.empty() && std::ranges::find(a.names, name) == a.names.end())
            return must_be(a.name,
                           "made of " + list_of(a.names) + ", not of '" + name.substr(0, 60) + "'");
        auto const fits = within_bounds(a, std::string(a.name) + "." + name.substr(0, 60), value);
        if (!fits)
            return fits;
    }
    return {};
}

result<void> check(attribute const& a, attribute_value const& value)
{
    switch (a.kind) {
    case attribute_kind::number:
        if (auto const* number = std::get_if<double>(&value))
            return within_bounds(a, std::string(a.name), *number);
        return must_be(a.name, "a number");
    case attribute_kind::choice:
        if (auto const* text = std::get_if<std::string>(&value))
            return check_choice(a, *text);
        return must_be(a.name, "a text");
    case attribute_kind::text:
        if (std::holds_alternative<std::string>(value))
            return {};
        return must_be(a.name, "a text");
    case attribute_kind::pattern:
        if (auto const* text = std::get_if<std::string>(&value))
            return check_pattern(a, *text);
        return must_be(a.name, "a text");
    case attribute_kind::list:
        if (auto const* text = std::get_if<std::string>(&value))
            return check_list(a, *text);
        return must_be(a.name, "a text");
    case attribute_kind::numbers:
        if (auto const* numbers = std::get_if<named_numbers>(&value))
            return check_numbers(a, *numbers);
        return must_be(a.name, "an object of numbers");
    case attribute_kind::flag:
        if (std::holds_alternative<bool>(value))
            return {};
        return must_be(a.name, "true or false");
    default:
        if (auto const* integer = std::get_if<std::int64_t>(&value))
            return within_bounds(a, std::string(a.name), *integer);
        return must_be(a.name, "a whole number");
    }
}

}  // namespace

attribute_value attribute::fallback_value() const
{
    switch (kind) {
    case attribute_kind::number:
        return static_cast<double>(fallback);
    case attribute_kind::choice:
        return std::string(names[static_cast<std::size_t>(fallback)]);
    case attribute_kind::text:
    case attribute_kind::pattern:
    case attribute_kind::list:
        return std::string();
    case attribute_kind::numbers:
        return named_numbers{};
    case attribute_kind::flag:
        return fallback != 0;
    default:
        return fallback;
    }
}

std::string attribute::expression(std::string_view value) const
{
    return glob ? toxics::expression_of_glob(value) : std::string(value);
}

attribute_values::attribute_values(std::span<attribute const> row) : row_(row)
{
    std::vector<attribute_value> made;
    made.reserve(row.size());
    for (attribute const& a : row)
        made.push_back(a.fallback_value());
    values_ = std::make_shared<std::vector<attribute_value> const>(std::move(made));
}

attribute_value const& attribute_values::value(std::string_view name) const
{
    auto const at = position_of(row_, name);
    if (at == row_.size())
        throw std::out_of_range("no such attribute: " + std::string(name));
    return (*values_)[at];
}

std::int64_t attribute_values::operator[](std::string_view name) const
{
    return std::get<std::int64_t>(value(name));
}

std::chrono::milliseconds attribute_values::ms(std::string_view name) const
{
    return std::chrono::milliseconds((*this)[name]);
}

std::chrono::microseconds attribute_values::us(std::string_view name) const
{
    return std::chrono::microseconds((*this)[name]);
}

double attribute_values::number(std::string_view name) const
{
    return std::get<double>(value(name));
}

std::string const& attribute_values::choice(std::string_view name) const
{
    return std::get<std::string>(value(name));
}

named_numbers const& attribute_values::numbers(std::string_view name) const
{
    return std::get<named_numbers>(value(name));
}

attribute_list attribute_values::told() const
{
    attribute_list list;
    for (std::size_t i = 0; i < row_.size(); ++i)
        if (auto const& value = (*values_)[i]; !row_[i].extra || value != row_[i].fallback_value())
            list.emplace_back(row_[i].name, value);
    return list;
}

bool attribute_values::flag(std::string_view name) const
{
    return std::get<bool>(value(name));
}

result<void> attribute_values::set(std::string_view name, attribute_value value)
{
    auto const at = position_of(row_, name);
    if (at == row_.size())
        return problem{400, "bad request body: unknown attribute '" + std::string(name) + "'"};
    auto const& row = row_[at];
    auto const* whole = std::get_if<std::int64_t>(&value);
    if (row.kind == attribute_kind::number && whole != nullptr)
        value = static_cast<double>(*whole);
    if (auto const fits = check(row, value); !fits)
        return fits;
    auto changed = *values_;
    changed[at] = std::move(value);
    values_ = std::make_shared<std::vector<attribute_value> const>(std::move(changed));
    return {};
}

}  // namespace aconite
