#include "clients/experiment/report/agreement.hpp"

#include "clients/experiment/report/escape.hpp"
#include "clients/experiment/report/figures.hpp"
#include "clients/experiment/report/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace aconite::experiment {
namespace {

/// Counts by a name, in the order in which names came.
template <class T>
class by_name {
public:
    T& operator[](std::string const& name)
    {
        auto const [found, fresh] = places_.try_emplace(name, rows_.size());
        if (fresh)
            rows_.emplace_back(name, T{});
        return rows_[found->second].second;
    }
    [[nodiscard]] std::vector<std::pair<std::string, T>> const& rows() const { return rows_; }

private:
    std::map<std::string, std::size_t> places_;
    std::vector<std::pair<std::string, T>> rows_;
};

double median_of(std::vector<double> const& sorted)
{
    auto const middle = sorted.size() / 2;
    return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

struct check_states {
    std::size_t passed = 0;
    std::size_t failed = 0;
    std::size_t unknown = 0;
    [[nodiscard]] bool agree(std::size_t runs) const
    {
        return passed == runs || failed == runs || unknown == runs;
    }
};

void count_state(check_states& in, std::string const& state)
{
    ++(state == "passed" ? in.passed : state == "failed" ? in.failed : in.unknown);
}

}  // namespace

json repeat_of(json const& report)
{
    json checks = json::object();
    std::map<std::string, int> seen;
    for (auto const& each : list_of(report, "checks")) {
        auto name = shown(each, "name");
        if (auto const stage = text_of(each, "stage"); stage == "before" || stage == "after")
            name += " (" + stage + ")";
        if (auto const count = ++seen[name]; count > 1)
            name += fmt::format(" ({})", count);
        checks[name] = shown(each, "state");
    }
    json values = json::object();
    for (auto const& [name, number] : numbers_of(report))
        values[name] = number;
    auto const* const seed = member_of(report, "seed");
    return {{"verdict", text_of(report, "verdict")},
            {"seed", seed == nullptr ? json() : *seed},
            {"duration_s", number_of(report, "duration_s").value_or(0)},
            {"checks", std::move(checks)},
            {"values", std::move(values)}};
}

json agreement_of(json const& repeats)
{
    by_name<std::size_t> verdicts;
    by_name<check_states> checks;
    by_name<std::vector<double>> numbers;
    std::size_t runs = 0;
    if (repeats.is_array())
        for (auto const& each : repeats) {
            ++runs;
            ++verdicts[shown(each, "verdict")];
            for (auto const& [name, state] : object_of(each, "checks").items())
                count_state(checks[name], shown(state));
            for (auto const& [name, value] : object_of(each, "values").items())
                if (auto const number = number_value(value))
                    numbers[name].push_back(*number);
        }

    json told = {{"runs", runs}, {"agree", false}, {"verdicts", json::object()}};
    for (auto const& [name, count] : verdicts.rows())
        told["verdicts"][name] = count;
    bool agree = runs > 0 && verdicts.rows().size() == 1;
    auto& states = told["checks"] = json::array();
    for (auto const& [name, state] : checks.rows()) {
        agree = agree && state.agree(runs);
        states.push_back({{"name", name},
                          {"passed", state.passed},
                          {"failed", state.failed},
                          {"unknown", state.unknown},
                          {"agree", state.agree(runs)}});
    }
    auto& spread = told["numbers"] = json::array();
    for (auto const& [name, seen] : numbers.rows()) {
        auto sorted = seen;
        std::ranges::sort(sorted);
        spread.push_back({{"name", name},
                          {"runs", sorted.size()},
                          {"min", sorted.front()},
                          {"median", median_of(sorted)},
                          {"max", sorted.back()}});
    }
    told["agree"] = agree;
    return told;
}

std::string agreement_sentence(json const& agreement)
{
    auto const* const agree = member_of(agreement, "agree");
    bool const yes = agree != nullptr && agree->is_boolean() && agree->get<bool>();
    auto const runs =
        static_cast<std::size_t>(std::max(number_of(agreement, "runs").value_or(0), 0.));
    auto text = counted(runs, "run", "runs");
    if (runs > 1)
        text += yes ? " agree" : " differ";
    auto gap = ": ";
    for (auto const& [name, count] : object_of(agreement, "verdicts").items()) {
        text += fmt::format("{}{} {} of {}", gap, verdict_word(name), shown(count), runs);
        gap = ", ";
    }
    text += ".";
    for (auto const& each : list_of(agreement, "checks"))
        if (auto const* const same = member_of(each, "agree"); same != nullptr && *same == false)
            text +=
                fmt::format(" '{}' passed {}, failed {}, unknown {} times.", shown(each, "name"),
                            shown(each, "passed"), shown(each, "failed"), shown(each, "unknown"));
    return text;
}

std::string agreement_text(json const& agreement)
{
    auto text = one_line(agreement_sentence(agreement)) + "\n";
    for (auto const& each : list_of(agreement, "numbers"))
        text += fmt::format("  {}: {} to {}, median {}\n", one_line(shown(each, "name")),
                            one_line(shown(each, "min")), one_line(shown(each, "max")),
                            one_line(shown(each, "median")));
    return text;
}

}  // namespace aconite::experiment
