#include "clients/experiment/file/decode.hpp"

#include "clients/experiment/values/expression.hpp"
#include "clients/experiment/values/suggestion.hpp"
#include "clients/experiment/values/units.hpp"

#include "proxy/net/number.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace aconite::experiment {
namespace {

std::string bound(field const& row, double number)
{
    return row.type == field_type::duration
               ? to_text(nanoseconds(static_cast<std::int64_t>(number * 1e9)))
               : fmt::format("{}", number);
}

/// `, from 1 to 65535`, for people; empty if there are none to tell.
std::string bounds(field const& row)
{
    if (!std::isinf(row.maximum))
        return fmt::format(", from {} to {}", bound(row, row.minimum), bound(row, row.maximum));
    if (row.type == field_type::whole || row.type == field_type::number || row.minimum > 0)
        return fmt::format(" of at least {}", bound(row, row.minimum));
    return {};
}

/// What people are told that a field takes.
std::string wanted(field const& row)
{
    switch (row.type) {
    case field_type::choice:
        return fmt::format("one of {}", fmt::join(row.choices, ", "));
    case field_type::flag:
        return "true or false";
    case field_type::number:
        return "a number" + bounds(row);
    case field_type::whole:
        return "a whole number" + bounds(row);
    case field_type::share:
        return "a share, such as 10% or 0.1";
    case field_type::duration:
        return fmt::format("a time, such as 500ms, 1.5s or 2m ({}){}", time_unit_names,
                           bounds(row));
    case field_type::bytes:
        return fmt::format("a size, such as 64KB or 256MB ({}){}", byte_unit_names, bounds(row));
    case field_type::rate:
        return fmt::format("a rate, such as 50/s ({}){}", rate_unit_names, bounds(row));
    case field_type::words:
        return "a text or a list of texts";
    case field_type::command:
        return "a list of words, or one text for the shell";
    case field_type::object:
        return "a mapping";
    case field_type::expression:
    case field_type::text:
    case field_type::any:
        break;
    }
    return "text";
}

std::string shown(node const& written)
{
    switch (written.is) {
    case node::form::scalar:
        return fmt::format("'{}'", written.text.substr(0, 60));
    case node::form::list:
        return "a list";
    case node::form::mapping:
        return "a mapping";
    case node::form::nothing:
        break;
    }
    return "nothing";
}

std::optional<json> list_of_texts(node const& written)
{
    auto list = json::array();
    if (written.is_scalar()) {
        list.push_back(written.text);
        return list;
    }
    if (!written.is_list())
        return std::nullopt;
    for (auto const& each : written.items) {
        if (!each.is_scalar())
            return std::nullopt;
        list.push_back(each.text);
    }
    return list;
}

std::optional<json> command_of(node const& written)
{
    if (written.is_scalar())
        return json::array({"sh", "-c", written.text});
    auto list = list_of_texts(written);
    return list && !list->empty() ? list : std::nullopt;
}

template <class Number>
std::optional<json> within(field const& row, std::optional<Number> const& number)
{
    if (!number || static_cast<double>(*number) < row.minimum ||
        static_cast<double>(*number) > row.maximum)
        return std::nullopt;
    return json(*number);
}

std::optional<json> scalar_of(field const& row, std::string const& text)
{
    switch (row.type) {
    case field_type::text:
    case field_type::expression:
        return json(text);
    case field_type::choice:
        return std::ranges::find(row.choices, text) != row.choices.end() ? std::optional(json(text))
                                                                         : std::nullopt;
    case field_type::flag:
        return text == "true" || text == "false" ? std::optional(json(text == "true"))
                                                 : std::nullopt;
    case field_type::number:
        return within(row, number_in<double>(text));
    case field_type::whole:
        return within(row, number_in<std::int64_t>(text));
    case field_type::share:
        return within(row, read_share(text));
    case field_type::bytes:
        return within(row, read_bytes(text));
    case field_type::rate:
        return within(row, read_rate(text));
    case field_type::duration: {
        auto const time = read_duration(text);
        if (!time)
            return std::nullopt;
        auto const seconds = std::chrono::duration<double>(*time).count();
        return seconds < row.minimum || seconds > row.maximum ? std::nullopt
                                                              : std::optional(json(time->count()));
    }
    default:
        return std::nullopt;
    }
}

std::optional<json> value_for(field const& row, node const& written)
{
    switch (row.type) {
    case field_type::any:
        return json_of(written);
    case field_type::object:
        return written.is_mapping() ? std::optional(json_of(written)) : std::nullopt;
    case field_type::words:
        return list_of_texts(written);
    case field_type::command:
        return command_of(written);
    default:
        return written.is_scalar() ? scalar_of(row, written.text) : std::nullopt;
    }
}

}  // namespace

json json_of(node const& written)
{
    switch (written.is) {
    case node::form::nothing:
        return nullptr;
    case node::form::list: {
        auto list = json::array();
        for (auto const& each : written.items)
            list.push_back(json_of(each));
        return list;
    }
    case node::form::mapping: {
        auto object = json::object();
        for (auto const& each : written.members)
            object[each.key] = json_of(each.value);
        return object;
    }
    case node::form::scalar:
        break;
    }
    if (written.quoted)
        return written.text;
    if (written.text == "true" || written.text == "false")
        return written.text == "true";
    if (auto const whole = number_in<std::int64_t>(written.text))
        return *whole;
    auto const number = number_in<double>(written.text);
    bool const digits = written.text.find_first_not_of("0123456789.eE+-") == std::string::npos;
    return number && std::isfinite(*number) && digits ? json(*number) : json(written.text);
}

std::optional<settings::entry> decode(field const& row, node const& written, faults& found)
{
    auto made = value_for(row, written);
    if (!made) {
        auto const guess = row.type == field_type::choice && written.is_scalar()
                               ? closest(written.text, row.choices)
                               : std::string();
        found.add(written.at, fmt::format("{} must be {}, not {}{}", row.name, wanted(row),
                                          shown(written), guess));
        return std::nullopt;
    }
    if (row.type == field_type::expression) {
        auto const read = expression::parse(written.text);
        if (auto const* fault = std::get_if<expression_fault>(&read)) {
            found.add(written.at, fmt::format("{} '{}': at its letter {}: {}", row.name,
                                              written.text, fault->offset + 1, fault->text));
            return std::nullopt;
        }
    }
    settings::entry entry{std::move(*made), written.at, {}};
    bool const has_unit = row.type == field_type::share || row.type == field_type::duration ||
                          row.type == field_type::bytes || row.type == field_type::rate;
    if (written.is_scalar() && (has_unit || row.type == field_type::command))
        entry.written = written.text;
    return entry;
}

settings decode_all(std::span<field const> rows, node const& mapping,
                    std::span<std::string_view const> beside, std::string_view what, faults& found)
{
    settings all;
    std::vector<std::string_view> known(beside.begin(), beside.end());
    for (auto const& row : rows)
        known.push_back(row.name);
    for (auto const& member : mapping.members) {
        if (std::ranges::find(beside, member.key) != beside.end())
            continue;
        auto const row = std::ranges::find(rows, member.key, &field::name);
        if (row == rows.end()) {
            found.add(member.at, fmt::format("{} has no key '{}'{}", what, member.key,
                                             suggestion(member.key, known)));
            continue;
        }
        if (auto entry = decode(*row, member.value, found))
            all.set(member.key, std::move(*entry));
    }
    for (auto const& row : rows)
        if (row.required && mapping.find(row.name) == nullptr)
            found.add(mapping.at, fmt::format("{} needs '{}': {}", what, row.name, row.about));
    return all;
}

}  // namespace aconite::experiment
