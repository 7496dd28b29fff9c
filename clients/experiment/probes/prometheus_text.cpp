#include "clients/experiment/probes/prometheus_text.hpp"

#include "clients/experiment/probes/faults.hpp"
#include "proxy/net/number.hpp"
#include "proxy/net/split.hpp"

#include <algorithm>
#include <cmath>

namespace aconite::experiment {
namespace {

constexpr std::string_view blanks = " \t";

void skip_blanks(std::string_view& rest)
{
    rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
}

bool skip(std::string_view& rest, char wanted)
{
    bool const there = rest.starts_with(wanted);
    rest.remove_prefix(static_cast<std::size_t>(there));
    return there;
}

/// Letters, digits, `_` and `:`, no digit in front; empty if there is none.
std::string_view take_name(std::string_view& rest)
{
    auto const is_part = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == ':';
    };
    if (rest.empty() || (rest[0] >= '0' && rest[0] <= '9'))
        return {};
    auto const end = std::ranges::find_if_not(rest, is_part);
    auto const name = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
    rest.remove_prefix(name.size());
    return name;
}

/// In quotes, with `\\`, `\"` and `\n`.
std::optional<std::string> take_quoted(std::string_view& rest)
{
    if (!skip(rest, '"'))
        return std::nullopt;
    std::string text;
    for (std::size_t i = 0; i < rest.size(); ++i) {
        if (rest[i] == '"') {
            rest.remove_prefix(i + 1);
            return text;
        }
        if (rest[i] != '\\') {
            text += rest[i];
            continue;
        }
        if (++i == rest.size())
            break;
        if (rest[i] != '\\' && rest[i] != '"' && rest[i] != 'n')
            return std::nullopt;
        text += rest[i] == 'n' ? '\n' : rest[i];
    }
    return std::nullopt;
}

bool take_labels(std::string_view& rest, metric_sample& into)
{
    if (!skip(rest, '{'))
        return true;
    skip_blanks(rest);
    while (!skip(rest, '}')) {
        auto const name = take_name(rest);
        skip_blanks(rest);
        if (name.empty() || !skip(rest, '='))
            return false;
        skip_blanks(rest);
        auto text = take_quoted(rest);
        if (!text)
            return false;
        into.labels.emplace_back(name, std::move(*text));
        skip_blanks(rest);
        bool const more = skip(rest, ',');
        skip_blanks(rest);
        if (!more && !rest.starts_with('}'))
            return false;
    }
    return true;
}

std::string_view take_word(std::string_view& rest)
{
    skip_blanks(rest);
    auto const word = rest.substr(0, rest.find_first_of(blanks));
    rest.remove_prefix(word.size());
    return word;
}

bool read_sample(std::string_view line, metric_sample& into)
{
    into.name = take_name(line);
    into.labels.clear();
    if (into.name.empty())
        return false;
    skip_blanks(line);
    if (!take_labels(line, into))
        return false;
    auto word = take_word(line);
    if (word.starts_with('+') && !word.starts_with("+-"))
        word.remove_prefix(1);
    auto const number = number_in<double>(word);
    if (!number)
        return false;
    into.number = *number;
    skip_blanks(line);
    if (!line.starts_with('#')) {
        auto const time = take_word(line);
        if (!time.empty() && !number_in<double>(time))
            return false;
        skip_blanks(line);
    }
    return line.empty() || line.starts_with('#');
}

}  // namespace

std::string const* metric_sample::label(std::string_view wanted) const
{
    for (auto const& each : labels)
        if (each.first == wanted)
            return &each.second;
    return nullptr;
}

result<void> read_samples(std::string_view text,
                          std::function<void(metric_sample const&)> const& on_sample)
{
    metric_sample one;
    for (std::size_t number = 1; !text.empty(); ++number) {
        auto line = take_part(text, '\n');
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        skip_blanks(line);
        if (line.empty() || line.starts_with('#'))
            continue;
        if (!read_sample(line, one))
            return problem{status_wrong,
                           printable(fmt::format("line {} is no sample of a metric: '{}'", number,
                                                 line.substr(0, 60)))};
        on_sample(one);
    }
    return {};
}

std::optional<double> histogram_quantile(std::map<double, double> const& buckets, double share)
{
    if (buckets.size() < 2 || !std::isinf(buckets.rbegin()->first))
        return std::nullopt;
    auto const total = buckets.rbegin()->second;
    if (!(total > 0) || !std::isfinite(total))
        return std::nullopt;
    auto const rank = share * total;
    auto const found =
        std::ranges::find_if(buckets, [&](auto const& bucket) { return bucket.second >= rank; });
    if (found == buckets.end() || std::isinf(found->first))
        return std::prev(buckets.end(), 2)->first;  // nothing is known of what is above
    auto const first = found == buckets.begin();
    if (first && found->first <= 0)
        return found->first;
    auto const lower = first ? 0.0 : std::prev(found)->first;
    auto const below = first ? 0.0 : std::prev(found)->second;
    auto const within = found->second - below;
    if (!(within > 0))
        return found->first;
    return lower + (found->first - lower) * (rank - below) / within;
}

}  // namespace aconite::experiment
