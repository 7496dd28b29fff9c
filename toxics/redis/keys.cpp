#include "toxics/redis/keys.hpp"

#include "proxy/net/letters.hpp"
#include "proxy/net/number.hpp"

#include <algorithm>
#include <optional>

namespace aconite::redis {
namespace {

command_row const* find_row(std::string const& name)
{
    auto const all = tables::commands();
    auto const found =
        std::ranges::lower_bound(all, std::string_view(name), {}, &command_row::name);
    return found != all.end() && found->name == name ? &*found : nullptr;
}

std::string lowered(std::string_view text)
{
    std::string made(text);
    std::ranges::transform(made, made.begin(), to_lower);
    return made;
}

/// Which words are keys: from the first to the last, by steps. None where the last is below it.
struct key_range {
    std::ptrdiff_t first = 0;
    std::ptrdiff_t last = -1;
    std::ptrdiff_t step = 1;
};

std::optional<std::ptrdiff_t> find_begin(key_spec const& spec, std::span<std::string const> words,
                                         std::ptrdiff_t count)
{
    if (spec.keyword.empty())
        return spec.begin;
    auto const kept = static_cast<std::ptrdiff_t>(words.size());
    bool const backwards = spec.begin < 0;
    auto at = backwards ? count + spec.begin : std::ptrdiff_t{spec.begin};
    for (; at > 0 && at < count; at += backwards ? -1 : 1)
        if (at < kept && same_name(words[static_cast<std::size_t>(at)], spec.keyword))
            return at + 1;
    return std::nullopt;
}

key_range find_range(key_spec const& spec, std::ptrdiff_t begin, std::span<std::string const> words,
                     std::ptrdiff_t count)
{
    std::ptrdiff_t const step = std::max<std::ptrdiff_t>(spec.step, 1);
    if (spec.counted) {
        auto const at = begin + spec.last_or_count;
        if (at < 0 || at >= static_cast<std::ptrdiff_t>(words.size()))
            return {};
        auto const number =
            number_in<std::int64_t>(words[static_cast<std::size_t>(at)]).value_or(0);
        auto const first = begin + spec.first;
        auto const keys = std::clamp<std::int64_t>(number, 0, count);
        return {first, first + (static_cast<std::ptrdiff_t>(keys) - 1) * step, step};
    }
    if (spec.last_or_count >= 0)
        return {begin, begin + spec.last_or_count, step};
    if (spec.limit > 1)
        return {begin, begin + (count - begin) / spec.limit + spec.last_or_count, step};
    return {begin, count + spec.last_or_count, step};
}

}  // namespace

command_row const* find_command(std::span<std::string const> words)
{
    // A bar is between a command and its subcommand in the table only.
    if (words.empty() || words[0].find('|') != std::string::npos)
        return nullptr;
    auto name = lowered(words[0]);
    auto const* const row = find_row(name);
    if (row == nullptr || !row->has_subcommands || words.size() < 2)
        return row;
    auto const* const own = find_row(name.append("|").append(lowered(words[1])));
    return own != nullptr ? own : row;
}

void find_keys(command_row const& row, std::span<std::string const> words, std::size_t count,
               std::vector<std::string_view>& into)
{
    auto const all = static_cast<std::ptrdiff_t>(count);
    for (auto const& spec : tables::key_specs().subspan(row.first, row.count)) {
        auto const begin = find_begin(spec, words, all);
        if (!begin)
            continue;
        auto const range = find_range(spec, *begin, words, all);
        auto const kept = std::min(all, static_cast<std::ptrdiff_t>(words.size()));
        for (auto at = range.first; at > 0 && at <= range.last && at < kept; at += range.step)
            into.emplace_back(words[static_cast<std::size_t>(at)]);
    }
}

}  // namespace aconite::redis
