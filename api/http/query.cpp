#include "api/http/query.hpp"

#include "api/http/path.hpp"
#include "proxy/net/number.hpp"
#include "proxy/net/split.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace aconite::api {
namespace {

problem bad_query(std::string text)
{
    return {400, "bad query: " + std::move(text)};
}

/// With `+` as a space, as forms write it.
std::optional<std::string> decoded(std::string_view text)
{
    std::string plain(text);
    std::ranges::replace(plain, '+', ' ');
    return unescaped(plain);
}

}  // namespace

result<std::vector<query_part>> query_of(std::string_view target)
{
    std::vector<query_part> parts;
    auto const mark = target.find('?');
    auto rest = mark == target.npos ? std::string_view() : target.substr(mark + 1);
    rest = rest.substr(0, rest.find('#'));
    while (!rest.empty()) {
        auto const part = take_part(rest, '&');
        if (part.empty())
            continue;
        auto const equals = part.find('=');
        auto name = decoded(part.substr(0, equals));
        auto value = decoded(equals == part.npos ? std::string_view() : part.substr(equals + 1));
        if (!name || !value)
            return bad_query(fmt::format("'{}' has a broken escape", part));
        parts.push_back({*std::move(name), *std::move(value)});
    }
    return parts;
}

result<std::uint64_t> whole_number(query_part const& part, std::uint64_t minimum,
                                   std::uint64_t maximum)
{
    auto const value = number_in<std::uint64_t>(part.value);
    if (!value || *value < minimum || *value > maximum)
        return bad_query(fmt::format("'{}' must be a whole number from {} to {}, not '{}'",
                                     part.name, minimum, maximum, part.value));
    return {boost::system::in_place_value, *value};
}

result<std::int64_t> milliseconds_in(query_part const& part)
{
    struct unit {
        std::string_view suffix;
        std::uint64_t ms;
    };
    // "ms" stands before "s", which ends it too.
    static constexpr unit units[] = {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"", 1}};
    constexpr std::uint64_t hour_ms = 3'600'000;
    std::string_view const text = part.value;
    auto const used =
        std::ranges::find_if(units, [&](unit const& u) { return text.ends_with(u.suffix); });
    auto const count = number_in<std::uint64_t>(text.substr(0, text.size() - used->suffix.size()));
    if (!count || *count > hour_ms / used->ms)
        return bad_query(fmt::format(
            "'{}' must be a time of at most an hour, such as 500ms, 10s or 2m, not '{}'", part.name,
            part.value));
    return {boost::system::in_place_value, static_cast<std::int64_t>(*count * used->ms)};
}

problem unknown_parameter(query_part const& part, std::string_view known)
{
    return bad_query(fmt::format("'{}' is not known there; there are {}", part.name, known));
}

}  // namespace aconite::api
