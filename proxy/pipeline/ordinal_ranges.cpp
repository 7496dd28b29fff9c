#include "proxy/pipeline/ordinal_ranges.hpp"

#include "proxy/net/number.hpp"
#include "proxy/net/split.hpp"

#include <algorithm>
#include <string>

namespace aconite {
namespace {

problem bad_ordinals(std::string const& what)
{
    return {400, "bad request body: attribute 'ordinals' must " + what};
}

}  // namespace

bool ordinal_ranges::read(std::string_view text, range& into)
{
    auto const dash = text.find('-');
    auto const first = number_in<std::uint64_t>(text.substr(0, dash));
    auto const last = dash == text.npos ? first : number_in<std::uint64_t>(text.substr(dash + 1));
    if (!first || !last || *first > *last)
        return false;
    into = {*first, *last};
    return true;
}

result<ordinal_ranges> ordinal_ranges::parse(std::string_view text)
{
    std::vector<range> all;
    for (auto rest = text; !rest.empty();) {
        auto const one = take_item(rest);
        if (!read(one, all.emplace_back()))
            return bad_ordinals("be made of ordinals and ranges such as 0,3,7-9, not '" +
                                std::string(one.substr(0, 60)) + "'");
        if (all.size() > count_max)
            return bad_ordinals("have at most " + std::to_string(count_max) + " ranges");
    }
    std::ranges::sort(all, {}, &range::first);
    ordinal_ranges made;
    for (auto const& each : all) {
        if (!made.ranges_.empty() && each.first <= made.ranges_.back().last)
            made.ranges_.back().last = std::max(made.ranges_.back().last, each.last);
        else
            made.ranges_.push_back(each);
    }
    return made;
}

bool ordinal_ranges::has(std::uint64_t ordinal) const
{
    auto const behind = std::ranges::upper_bound(ranges_, ordinal, {}, &range::first);
    return behind != ranges_.begin() && ordinal <= std::prev(behind)->last;
}

}  // namespace aconite
