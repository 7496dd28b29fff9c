#include "clients/experiment/report/diff.hpp"

#include "clients/experiment/report/agreement.hpp"
#include "clients/experiment/report/escape.hpp"
#include "clients/experiment/report/figures.hpp"
#include "clients/experiment/report/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace aconite::experiment {
namespace {

/// Names with a text each, in the order in which they were added. Equal names get a number.
class facts {
public:
    void add(std::string name, std::string text)
    {
        if (auto const count = ++seen_[name]; count > 1)
            name += fmt::format(" ({})", count);
        texts_.emplace(name, std::move(text));
        names_.push_back(std::move(name));
    }
    [[nodiscard]] std::vector<std::string> const& names() const { return names_; }
    [[nodiscard]] json text(std::string const& name) const
    {
        auto const found = texts_.find(name);
        return found == texts_.end() ? json() : json(found->second);
    }

private:
    std::map<std::string, int> seen_;
    std::map<std::string, std::string> texts_;
    std::vector<std::string> names_;
};

/// All names of both, those of `a` first.
template <class F>
void for_both(facts const& a, facts const& b, F const& each)
{
    for (auto const& name : a.names())
        each(name, a.text(name), b.text(name));
    for (auto const& name : b.names())
        if (a.text(name).is_null())
            each(name, json(), b.text(name));
}

facts settings_facts(json const& report)
{
    facts all;
    for (auto const* name : {"hypothesis", "time_scale", "file"})
        if (member_of(report, name) != nullptr)
            all.add(name, shown(report, name));
    for (auto const& each : list_of(report, "phases"))
        all.add("phase " + shown(each, "name"), seconds_figure(number_of(each, "planned_s")));
    for (auto const& each : list_of(report, "actions")) {
        auto const where = fmt::format("{} {} in {}", shown(each, "type"), shown(each, "target"),
                                       shown(each, "phase"));
        auto const settings = settings_text(object_of(each, "settings"));
        all.add(where, settings.empty() ? "as usual" : settings);
    }
    for (auto const& each : list_of(report, "checks"))
        all.add("check " + shown(each, "name") + " (" + shown(each, "stage") + ")",
                shown(each, "expected"));
    for (auto const& each : list_of(report, "probes"))
        all.add("probe " + shown(each, "name"), shown(each, "kind") + " " + text_of(each, "about"));
    for (auto const& each : list_of(report, "load"))
        all.add("load " + text_of(each, "name"), shown(each, "kind"));
    return all;
}

facts state_facts(json const& report)
{
    facts all;
    for (auto const& each : list_of(report, "checks"))
        all.add(shown(each, "name") + "\n" + text_of(each, "stage"), shown(each, "state"));
    return all;
}

json differing_checks(json const& before, json const& after)
{
    json all = json::array();
    for_both(state_facts(before), state_facts(after),
             [&](std::string const& name, json const& was, json const& is) {
                 if (was == is)
                     return;
                 auto const parted = name.rfind('\n');
                 all.push_back({{"name", name.substr(0, parted)},
                                {"stage", name.substr(parted + 1)},
                                {"before", was},
                                {"after", is}});
             });
    return all;
}

json differing_settings(json const& before, json const& after)
{
    json all = json::array();
    for_both(settings_facts(before), settings_facts(after),
             [&](std::string const& name, json const& was, json const& is) {
                 if (was != is)
                     all.push_back({{"where", name}, {"before", was}, {"after", is}});
             });
    return all;
}

struct number_pair {
    std::string name;
    std::optional<double> before{};
    std::optional<double> after{};

    /// Of what was 0 or not there none can be told: it is the greatest.
    [[nodiscard]] double change() const
    {
        if (!before || !after || *before == 0)
            return std::numeric_limits<double>::infinity();
        return (*after - *before) / std::abs(*before);
    }
};

json differing_numbers(json const& before, json const& after)
{
    std::vector<number_pair> pairs;
    std::map<std::string, std::size_t> places;
    for (auto const& [name, number] : numbers_of(before)) {
        places.emplace(name, pairs.size());
        pairs.push_back({name, number});
    }
    for (auto const& [name, number] : numbers_of(after)) {
        auto const [found, fresh] = places.emplace(name, pairs.size());
        if (fresh)
            pairs.push_back({name});
        pairs[found->second].after = number;
    }
    std::erase_if(pairs, [](number_pair const& each) { return each.before == each.after; });
    std::ranges::stable_sort(pairs, [](number_pair const& a, number_pair const& b) {
        return std::abs(a.change()) > std::abs(b.change());
    });
    json all = json::array();
    for (auto const& each : pairs) {
        auto const change = each.change();
        all.push_back({{"name", each.name},
                       {"before", each.before ? json(*each.before) : json()},
                       {"after", each.after ? json(*each.after) : json()},
                       {"change", std::isfinite(change) ? json(change) : json()}});
    }
    return all;
}

json notes_of(json const& before, json const& after)
{
    json notes = json::array();
    auto const note = [&](char const* member, char const* sentence) {
        if (auto const was = shown(before, member), is = shown(after, member); was != is)
            notes.push_back(fmt::format(fmt::runtime(sentence), was, is));
    };
    note("name", "they are not of the same experiment: '{}' and '{}'");
    note("seed", "they are not of the same seed: {} and {}; what was drawn at random differs");
    note("time_scale", "their phases are not of the same length: time scales {} and {}");
    return notes;
}

std::string was_and_is(json const& of)
{
    return one_line(shown(of, "before")) + " -> " + one_line(shown(of, "after"));
}

}  // namespace

json diff_of(json const& before, json const& after)
{
    auto const was = text_of(before, "verdict");
    auto const is = text_of(after, "verdict");
    json verdict = was == is ? json() : json{{"before", was}, {"after", is}};
    auto checks = differing_checks(before, after);
    auto settings = differing_settings(before, after);
    auto notes = notes_of(before, after);
    bool const same = verdict.is_null() && checks.empty() && settings.empty() && notes.empty();
    return {{"schema", 1},
            {"same", same},
            {"notes", std::move(notes)},
            {"verdict", std::move(verdict)},
            {"checks", std::move(checks)},
            {"settings", std::move(settings)},
            {"numbers", differing_numbers(before, after)}};
}

std::string diff_text(json const& diff)
{
    std::string text;
    for (auto const& each : list_of(diff, "notes"))
        text += "Beware: " + one_line(shown(each)) + ".\n";
    auto const& verdict = object_of(diff, "verdict");
    text += verdict.empty()
                ? std::string("The verdict is the same.\n")
                : fmt::format("Verdict: {} -> {}\n", verdict_word(text_of(verdict, "before")),
                              verdict_word(text_of(verdict, "after")));
    auto const part = [&](char const* title, char const* none, std::string lines) {
        text += lines.empty() ? std::string(none) + "\n" : std::string(title) + "\n" + lines;
    };
    std::string lines;
    for (auto const& each : list_of(diff, "checks")) {
        auto const stage = text_of(each, "stage");
        lines +=
            fmt::format("  {}{}: {}\n", one_line(shown(each, "name")),
                        stage == "before" || stage == "after" ? " (" + stage + " the faults)" : "",
                        was_and_is(each));
    }
    part("Checks:", "No check came out differently.", lines);
    lines.clear();
    for (auto const& each : list_of(diff, "settings"))
        lines += fmt::format("  {}: {}\n", one_line(shown(each, "where")), was_and_is(each));
    part("Settings:", "The settings are the same.", lines);
    lines.clear();
    for (auto const& each : list_of(diff, "numbers")) {
        auto const change = number_of(each, "change");
        lines += fmt::format("  {}: {}{}\n", one_line(shown(each, "name")), was_and_is(each),
                             change ? " (" + change_figure(*change) + ")" : "");
    }
    part("Numbers, the greatest change first:", "The numbers are the same.", lines);
    return text;
}

}  // namespace aconite::experiment
