#include "api/json/condition.hpp"

#include "proxy/net/number.hpp"

#include <aconite/engine.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

namespace aconite::api {
namespace {

struct quantity_row {
    std::string_view name;
    std::uint64_t (*of_proxy)(proxy_stats const&);
    std::uint64_t (*of_toxic)(toxic_stats const&);  ///< null: no toxic has it
};

constexpr std::array<quantity_row, 8> rows = {{
    {"hits", [](proxy_stats const& p) { return p.hits(); },
     [](toxic_stats const& t) { return t.hits; }},
    {"bytes",
     [](proxy_stats const& p) { return p.streams[0].received_bytes + p.streams[1].received_bytes; },
     [](toxic_stats const& t) { return t.bytes; }},
    {"connections", [](proxy_stats const& p) { return p.connections_total; },
     [](toxic_stats const& t) { return t.connections; }},
    {"open", [](proxy_stats const& p) { return p.connections_open; }, nullptr},
    {"dial_errors", [](proxy_stats const& p) { return p.dial_errors; }, nullptr},
    {"not_followed", [](proxy_stats const& p) { return p.not_followed; }, nullptr},
    {"bypass", [](proxy_stats const& p) { return p.bypass; }, nullptr},
    {"unknown", [](proxy_stats const& p) { return p.unknown; }, nullptr},
}};

// Longer ones first: ">" begins ">=".
constexpr std::array<std::string_view, 7> signs = {">=", "<=", "==", "!=", ">", "<", "="};

problem bad_condition(std::string text)
{
    return {400, "bad condition: " + std::move(text)};
}

}  // namespace

std::string subject::text() const
{
    auto const where = proxy.empty() ? std::string("all proxies") : "proxy " + proxy;
    return toxic.empty() ? where : "toxic " + toxic + " of " + where;
}

std::vector<std::string_view> quantity_names()
{
    std::vector<std::string_view> names;
    for (auto const& row : rows)
        names.push_back(row.name);
    return names;
}

std::span<std::string_view const> condition_signs()
{
    return signs;
}

std::string quantities()
{
    std::string all;
    for (auto const& row : rows)
        all.append(all.empty() ? "" : ", ").append(row.name);
    return all;
}

result<condition> condition::make(std::string_view quantity, std::string_view sign,
                                  std::uint64_t bound)
{
    auto const row = std::ranges::find(rows, quantity, &quantity_row::name);
    if (row == rows.end())
        return bad_condition(
            fmt::format("'{}' is not known there; there are {}", quantity, quantities()));
    auto const known = std::ranges::find(signs, sign);
    if (known == signs.end())
        return bad_condition(fmt::format("'{}' must be compared by {}, not '{}'", quantity,
                                         fmt::join(signs, " "), sign));
    condition made;
    made.quantity_ = row->name;
    made.sign_ = *known == "=" ? "==" : *known;
    made.bound_ = bound;
    return made;
}

result<condition> condition::from_query(std::string_view name, std::string_view value)
{
    // The query was cut at its first "=", which is a part of most signs.
    auto const text = std::string(name) + (value.empty() ? "" : "=") + std::string(value);
    auto const at = text.find_first_of("<>=!");
    auto const rest = std::string_view(text).substr(std::min(at, text.size()));
    auto const sign =
        std::ranges::find_if(signs, [&](auto const& each) { return rest.starts_with(each); });
    if (sign == signs.end())
        return make(name, "", 0);
    auto const number = rest.substr(sign->size());
    auto const bound = number_in<std::uint64_t>(number);
    if (!bound)
        return bad_condition(
            fmt::format("'{}' must be compared with a whole number from 0 to {}, not '{}'",
                        text.substr(0, at), std::numeric_limits<std::uint64_t>::max(), number));
    return make(std::string_view(text).substr(0, at), *sign, *bound);
}

bool condition::holds_for(std::uint64_t seen) const
{
    if (sign_ == ">=")
        return seen >= bound_;
    if (sign_ == "<=")
        return seen <= bound_;
    if (sign_ == "==")
        return seen == bound_;
    if (sign_ == "!=")
        return seen != bound_;
    return sign_ == ">" ? seen > bound_ : seen < bound_;
}

std::string condition::text() const
{
    return fmt::format("{} {} {}", quantity_, sign_, bound_);
}

result<std::uint64_t> measure(engine const& e, subject const& who, std::string_view quantity)
{
    auto const& row = *std::ranges::find(rows, quantity, &quantity_row::name);
    if (!who.toxic.empty() && row.of_toxic == nullptr)
        return bad_condition(fmt::format("a toxic has no '{}'", quantity));
    std::vector<proxy_stats> proxies;
    if (who.proxy.empty()) {
        proxies = e.stats().proxies;
    } else {
        auto one = e.stats(who.proxy);
        if (!one)
            return one.error();
        proxies.push_back(*std::move(one));
    }
    std::uint64_t sum = 0;
    bool found = who.toxic.empty();
    for (auto const& proxy : proxies) {
        if (who.toxic.empty()) {
            sum += row.of_proxy(proxy);
            continue;
        }
        // The one that is there, or else the last that was removed.
        auto const named = [&](toxic_stats const& t) { return t.name == who.toxic; };
        auto const live = std::ranges::find_if(
            proxy.toxics, [&](toxic_stats const& t) { return named(t) && !t.removed; });
        auto const last = std::find_if(proxy.toxics.rbegin(), proxy.toxics.rend(), named);
        if (last == proxy.toxics.rend())
            continue;
        found = true;
        sum += row.of_toxic(live != proxy.toxics.end() ? *live : *last);
    }
    if (!found)
        return problem{404, "toxic not found"};
    return {boost::system::in_place_value, sum};
}

}  // namespace aconite::api
