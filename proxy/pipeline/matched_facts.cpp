#include "proxy/pipeline/matched_facts.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

namespace aconite {
namespace {

/// So many bytes of a list are told in one text.
constexpr std::size_t list_bytes_max = 200;

using part = std::span<std::string_view const>;

/// The values of a field, each once, with commas between them.
std::string list_of(std::vector<part> const& parts, std::size_t field)
{
    std::vector<std::string_view> values;
    std::string list;
    for (auto const& each : parts) {
        auto const value = each[field];
        if (list.size() + value.size() >= list_bytes_max)
            break;
        if (value.empty() || std::ranges::find(values, value) != values.end())
            continue;
        list.append(values.empty() ? "" : ",").append(value);
        values.push_back(value);
    }
    return list;
}

}  // namespace

matched_facts::matched_facts(operation const& what, operation_match const& match)
    : what_(&what), facts_(what.facts.begin(), what.facts.end())
{
    if (what.parts.size() < 2)
        return;
    std::vector<part> admitted;
    for (auto const& each : what.parts)
        if (match.admits(each))
            admitted.push_back(each);
    lists_.resize(facts_.size());
    for (std::size_t i = 0; i < facts_.size(); ++i) {
        auto const is_same = [&](part const& each) { return each[i] == what.parts.front()[i]; };
        if (std::ranges::all_of(what.parts, is_same))
            continue;
        lists_[i] = list_of(admitted, i);
        facts_[i] = lists_[i];
    }
}

}  // namespace aconite
