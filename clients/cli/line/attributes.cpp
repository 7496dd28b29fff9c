#include "clients/cli/line/attributes.hpp"

#include "clients/cli/line/numbers.hpp"
#include "proxy/net/split.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>

namespace aconite::cli {
namespace {

/// The attribute that a key means: `table.p50` is one of the numbers of `table`.
attribute const* row_of(std::span<attribute const> row, std::string_view key)
{
    auto const found = std::ranges::find(row, key.substr(0, key.find('.')), &attribute::name);
    return found == row.end() ? nullptr : &*found;
}

std::string key_of(std::string_view pair)
{
    return std::string(pair.substr(0, pair.find('=')));
}

/// Whether `item` belongs to a text that was typed with commas in it and begins `before` it: it is
/// no KEY=VALUE.
bool is_part_of(std::span<attribute const> row, std::string_view before, std::string_view item)
{
    static constexpr std::string_view of_keys = "abcdefghijklmnopqrstuvwxyz0123456789_.";
    auto const* const of = before.empty() ? nullptr : row_of(row, key_of(before));
    auto const equals = item.find('=');
    bool const begins_pair =
        equals != std::string_view::npos && equals > 0 && item.find_first_not_of(of_keys) >= equals;
    return of != nullptr && is_free_text(of->kind) && !begins_pair;
}

/// Both, and what is between them, of one text.
std::string_view joined(std::string_view first, std::string_view last)
{
    return {first.data(), static_cast<std::size_t>(last.data() + last.size() - first.data())};
}

bool is_number(attribute_kind kind)
{
    return kind == attribute_kind::integer || kind == attribute_kind::number ||
           kind == attribute_kind::numbers;
}

/// A time may be given with its unit. None if it is no time, or has none.
std::optional<nlohmann::json> time_value(attribute const& of, std::string_view text)
{
    using namespace std::chrono_literals;
    if (of.unit != "ms" && of.unit != "us")
        return std::nullopt;
    auto const count = time_in(of.unit == "ms" ? std::chrono::microseconds(1ms) : 1us, text);
    return count ? std::optional<nlohmann::json>(*count) : std::nullopt;
}

/// The value of `key`, as far as its row says what that may be.
result<nlohmann::json> value_of(attribute const* of, std::string const& key, std::string_view text)
{
    bool const is_text =
        of != nullptr && (is_free_text(of->kind) || of->kind == attribute_kind::choice);
    auto value = is_text ? nlohmann::json(text) : attribute_value(text);
    if (of == nullptr || !is_number(of->kind) || value.is_number())
        return {boost::system::in_place_value, std::move(value)};
    if (auto time = time_value(*of, text))
        return {boost::system::in_place_value, *std::move(time)};
    return problem{0, fmt::format("'{}' must be a number{}, not '{}'.", key,
                                  of->unit.empty() ? "" : fmt::format(" of {}", of->unit), text)};
}

/// Whether `part` is the rest of the number `before`, which was typed with commas in it.
bool continues(std::string_view part, nlohmann::json const& before)
{
    auto const is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return before.is_number() && !part.empty() && std::ranges::all_of(part, is_digit);
}

problem torn_number(std::string_view item, std::string_view part)
{
    return {0, fmt::format("'{},{}': a number has no comma in it.", item, part)};
}

problem no_pair(std::string_view part)
{
    return {0, fmt::format("'{}' is not KEY=VALUE.", part)};
}

/// How items are read.
struct reading {
    bool lenient = false;  ///< what is no pair is skipped, but for what can be none
    bool dots = false;     ///< `a.b` is the member b of the object a
};

nlohmann::json& member(nlohmann::json& of, std::string const& key, reading how)
{
    auto const dot = key.find('.');
    if (!how.dots || dot == std::string::npos)
        return of[key];
    auto& group = of[key.substr(0, dot)];
    if (!group.is_object())
        group = nlohmann::json::object();
    return group[key.substr(dot + 1)];
}

/// Several of them with commas between them, into an object.
result<void> read_pairs(std::string_view rest, std::span<attribute const> row, reading how,
                        nlohmann::json& into)
{
    std::string_view before;
    nlohmann::json* last = nullptr;
    while (!rest.empty()) {
        auto const item = take_item(rest);
        auto const equals = item.find('=');
        if (is_part_of(row, before, item)) {
            before = joined(before, item);
            *last = before.substr(before.find('=') + 1);
        } else if (equals != std::string_view::npos) {
            auto const key = std::string(item.substr(0, equals));
            auto value = value_of(row_of(row, key), key, item.substr(equals + 1));
            if (!value)
                return value.error();
            before = item;
            last = &member(into, key, how);
            *last = *std::move(value);
        } else if (last != nullptr && continues(item, *last)) {
            return torn_number(before, item);
        } else if (!how.lenient) {
            return no_pair(item);
        }
    }
    return {};
}

}  // namespace

nlohmann::json attribute_value(std::string_view text)
{
    if (text == "true" || text == "false")
        return text == "true";
    if (auto const whole = read_integer(text))
        return *whole;
    auto const number = read_decimal(text);
    if (!number)
        return text;
    constexpr double exact_limit = 9007199254740992.0;  // 2^53
    if (*number == std::trunc(*number) && std::abs(*number) <= exact_limit)
        return static_cast<std::int64_t>(*number);
    return *number;
}

std::optional<float> read_toxicity(std::string_view text)
{
    auto const value = read_decimal(text);
    return value && *value >= 0 && *value <= 1 ? std::optional(static_cast<float>(*value))
                                               : std::nullopt;
}

result<void> read_attributes(std::vector<std::string> const& items, bool lenient,
                             std::span<attribute const> row, nlohmann::json& into)
{
    into = nlohmann::json::object();
    for (std::string_view const each : items)
        if (auto const read = read_pairs(each, row, {lenient, !lenient}, into); !read)
            return problem{0, "attribute " + read.error().text};
    return {};
}

result<void> read_members(std::vector<std::string> const& items, std::span<attribute const> row,
                          nlohmann::json& into)
{
    into = nlohmann::json::object();
    for (std::string_view const each : items)
        if (auto read = read_pairs(each, row, {}, into); !read)
            return read;
    return {};
}

}  // namespace aconite::cli
