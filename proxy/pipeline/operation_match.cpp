#include "proxy/pipeline/operation_match.hpp"

#include "proxy/net/letters.hpp"
#include "proxy/net/number.hpp"
#include "proxy/net/split.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace aconite {
namespace {

/// Whether one of the values in `fact`, which have commas between them, is one of the names.
bool has_one_of(std::vector<std::string> const& names, std::string_view fact)
{
    do {
        auto const value = take_part(fact, ',');
        if (std::ranges::any_of(names, [&](auto const& name) { return same_name(name, value); }))
            return true;
    } while (!fact.empty());
    return false;
}

/// What a match says of a field; empty: nothing.
std::string text_of(attribute const& row, attribute_values const& match, bool unset)
{
    if (row.kind != attribute_kind::integer)
        return match.text(row.name);
    return unset ? "" : std::to_string(match[row.name]);
}

/// The memory that one pattern may take while it is searched for.
constexpr std::int64_t pattern_memory_bytes = 1 << 20;

std::unique_ptr<re2::RE2> compiled(std::string const& pattern, attribute const& row)
{
    re2::RE2::Options how(re2::RE2::Quiet);
    if (row.binary)
        how.set_encoding(re2::RE2::Options::EncodingLatin1);
    how.set_max_mem(pattern_memory_bytes);
    how.set_case_sensitive(!row.caseless);
    how.set_dot_nl(true);
    return std::make_unique<re2::RE2>(pattern, how);
}

}  // namespace

operation_match::operation_match(toxic_type const& type, attribute_values const& match,
                                 attribute_values const& values)
{
    auto const row = type.protocol->match;
    for (std::size_t i = 0; i < row.size(); ++i) {
        bool const unset = match.value(row[i].name) == row[i].fallback_value();
        auto value = text_of(row[i], match, unset);
        if (unset && type.implied_match != nullptr)
            if (auto const implied = type.implied_match(values, row[i].name); !implied.empty())
                value = implied;
        if (!value.empty())
            add(i, row[i], value);
    }
}

operation_match::~operation_match() = default;

void operation_match::add(std::size_t field, attribute const& row, std::string const& value)
{
    wish made{field, nullptr, row.whole || row.glob, {}, {}};
    if (row.kind == attribute_kind::pattern)
        made.pattern = compiled(row.expression(value), row);
    else if (row.ranges)
        made.numbers = ordinal_ranges::parse(value).value();
    else if (row.kind == attribute_kind::list)
        for (std::string_view rest = value; !rest.empty();)
            made.names.emplace_back(take_item(rest));
    else
        made.names.push_back(value);
    wishes_.push_back(std::move(made));
}

bool operation_match::admits(operation const& what) const
{
    if (what.parts.empty())
        return admits(what.facts);
    return std::ranges::any_of(what.parts, [this](auto const& part) { return admits(part); });
}

bool operation_match::admits(std::span<std::string_view const> facts) const
{
    auto const fits = [&](wish const& each) {
        auto const fact = facts[each.field];
        if (each.pattern)
            return each.whole ? re2::RE2::FullMatch({fact.data(), fact.size()}, *each.pattern)
                              : re2::RE2::PartialMatch({fact.data(), fact.size()}, *each.pattern);
        if (!each.numbers.empty()) {
            auto const number = number_in<std::uint64_t>(fact);
            return number && each.numbers.has(*number);
        }
        return has_one_of(each.names, fact);
    };
    return std::ranges::all_of(wishes_, fits);
}

}  // namespace aconite
