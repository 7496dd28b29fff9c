// The numbers of a report, each with a name.
#include "clients/experiment/report/agreement.hpp"

#include "proxy/net/number.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <map>

namespace aconite::experiment {
namespace {

/// Names, numbers and signs of an expression: what is between blanks and brackets.
std::vector<std::string_view> words_of(std::string_view text)
{
    constexpr std::string_view between = " \t\n(),";
    std::vector<std::string_view> words;
    while (!text.empty()) {
        auto const begin = std::min(text.find_first_not_of(between), text.size());
        text.remove_prefix(begin);
        auto const end = std::min(text.find_first_of(between), text.size());
        if (end > 0)
            words.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    return words;
}

std::optional<double> number_word(std::string_view word)
{
    auto const number = number_in<double>(word);
    return number && std::isfinite(*number) ? number : std::nullopt;
}

class collector {
public:
    void add(std::string name, std::optional<double> number)
    {
        if (!number)
            return;
        // Two actions or checks may have the same name.
        auto const count = ++seen_[name];
        if (count > 1)
            name += fmt::format(" ({})", count);
        numbers_.emplace_back(std::move(name), *number);
    }
    std::vector<std::pair<std::string, double>> take() { return std::move(numbers_); }

private:
    std::map<std::string, int> seen_;
    std::vector<std::pair<std::string, double>> numbers_;
};

/// `db.orders - kafka.created == 0` that was `100 - 99 == 0` gives both names their number; where
/// the two do not match word by word, numbers have none.
void add_check(collector& to, json const& check)
{
    auto const name = "check " + shown(check, "name") + ": ";
    auto const expected = text_of(check, "expected");
    auto const actual = text_of(check, "actual");
    auto const names = words_of(expected);
    auto const words = words_of(actual);
    bool const aligned = names.size() == words.size();
    std::size_t ordinal = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
        auto const number = number_word(words[i]);
        if (!number || (aligned && names[i] == words[i]))
            continue;
        ++ordinal;
        to.add(name + (aligned ? std::string(names[i]) : fmt::format("value {}", ordinal)), number);
    }
}

constexpr std::array summary_fields{"requests", "ok",     "errors", "rate",   "error_rate",
                                    "p50_ms",   "p95_ms", "p99_ms", "max_ms", "service_p99_ms"};

void add_summary_numbers(collector& to, std::string const& name, json const& summary)
{
    for (auto const* field : summary_fields)
        to.add(name + field, number_of(summary, field));
}

}  // namespace

std::vector<std::pair<std::string, double>> numbers_of(json const& report)
{
    collector all;
    for (auto const& each : list_of(report, "checks"))
        add_check(all, each);
    for (auto const& each : list_of(report, "load")) {
        std::string name = "load ";
        if (auto const own = text_of(each, "name"); !own.empty())
            name.append(own).append(" ");
        add_summary_numbers(all, name, object_of(each, "summary"));
        for (auto const& phase : list_of(each, "phases"))
            add_summary_numbers(all, name + "in " + shown(phase, "phase") + " ", phase);
    }
    for (auto const& each : list_of(report, "recovery"))
        for (auto const* field : {"first_success_s", "row_of_successes_s", "p95_back_s"})
            all.add("recovery " + shown(each, "target") + " " + field, number_of(each, field));
    for (auto const& each : list_of(report, "probes")) {
        all.add("probe " + shown(each, "name") + " first", number_of(each, "first"));
        all.add("probe " + shown(each, "name") + " last", number_of(each, "last"));
    }
    for (auto const& each : list_of(report, "actions"))
        all.add("hits of " + shown(each, "type") + " " + text_of(each, "target"),
                number_of(each, "hits"));
    return all.take();
}

}  // namespace aconite::experiment
