#include "clients/experiment/run/judge.hpp"

#include "clients/experiment/run/moment.hpp"
#include "clients/experiment/run/trend.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace aconite::experiment {
namespace {

/// In which a check is looked at. `to` is `never` while its end is not known.
struct window {
    time_point from = never;
    time_point to = never;
    bool once = false;  ///< it has to hold once; else at the end, or always
    /// From when on a load's values count: behind the last phase there is no load, and they are
    /// those of the whole run.
    time_point load_from = never;
};

duration as_duration(nanoseconds time)
{
    return std::chrono::duration_cast<duration>(time);
}

/// None while it has not begun.
std::optional<window> window_of(check_spec const& check, observations const& of,
                                run_ends const& ends)
{
    window made;
    made.once = check.within.has_value();
    auto const phases = of.phases();
    if (phases.empty())
        return std::nullopt;
    if (!check.during.empty()) {
        auto const phase = of.phase(check.during);
        if (!phase)
            return std::nullopt;
        made.from = phase->begin;
        made.to = made.once ? std::min(phase->end, later(phase->begin, as_duration(*check.within)))
                            : phase->end;
        made.load_from = made.from;
        return made;
    }
    if (!check.after_phase.empty()) {
        auto const phase = of.phase(check.after_phase);
        if (!phase || phase->end == never)
            return std::nullopt;
        bool const is_last = ends.phases != never && phases.back().name == phase->name;
        made.from = phase->end;
        made.load_from = made.from;
        if (made.once) {
            made.to = later(made.from, as_duration(*check.within));
            if (is_last)
                made.load_from = phases.front().begin;
        } else if (is_last) {  // there is nothing behind it
            made.from = made.load_from = phase->begin;
            made.to = phase->end;
        } else {
            made.to = ends.phases;
        }
        return made;
    }
    if (made.once) {
        if (ends.load == never)
            return std::nullopt;
        made.from = ends.load;
        made.load_from = phases.front().begin;
        made.to = later(ends.load, as_duration(*check.within));
        return made;
    }
    made.from = made.load_from = phases.front().begin;
    made.to = check.always ? ends.phases : ends.load;
    return made;
}

std::vector<std::string> probes_of(check_spec const& check)
{
    std::vector<std::string> names;
    if (check.expect)
        names = check.expect->names();
    else
        names.push_back(check.metric);
    for (auto const& operand : check.operands)
        for (auto const& name : operand.names())
            names.push_back(name);
    return names;
}

/// What the check says at one time.
struct finding {
    std::optional<bool> holds{};
    std::string actual{};
    std::string why_not_known{};
};

finding look_at_expression(check_spec const& check, moment const& now)
{
    auto const is = check.expect->evaluate(now);
    finding found{{}, check.expect->explain(now), {}};
    if (is)
        found.holds = is_true(*is);
    else
        found.why_not_known = is.error().text;
    return found;
}

finding look_at_metric(check_spec const& check, observations const& of, moment const& now)
{
    finding found;
    auto const metric = now.of_name(check.metric);
    auto const number = metric ? as_number(*metric) : std::nullopt;
    if (!number) {
        found.why_not_known =
            metric ? fmt::format("{} is no number", check.metric) : metric.error().text;
        return found;
    }
    found.actual = to_text(*metric);
    std::vector<double> operands;
    auto known = now;
    add_baseline(known, of, check.metric);
    for (auto const& each : check.operands) {
        auto const is = each.evaluate(known);
        auto const operand = is ? as_number(*is) : std::nullopt;
        if (!operand) {
            found.why_not_known = is ? each.text() + " is no number" : is.error().text;
            return found;
        }
        operands.push_back(*operand);
    }
    found.holds = compares(check.condition, *number, operands);
    return found;
}

finding look(check_spec const& check, observations const& of, time_point load_from, time_point at)
{
    moment const now(of, load_from, at);
    return check.expect ? look_at_expression(check, now) : look_at_metric(check, of, now);
}

std::string expected_text(check_spec const& check)
{
    if (check.expect)
        return check.expect->text();
    std::vector<std::string> operands;
    for (auto const& each : check.operands)
        operands.push_back(each.text());
    return fmt::format("{} {}{}{}", check.metric, word_of(check.condition),
                       operands.empty() ? "" : " ", fmt::join(operands, " to "));
}

judgement decided(judgement with, finding const& found, time_point at)
{
    with.state = !found.holds   ? check_state::unknown
                 : *found.holds ? check_state::passed
                                : check_state::failed;
    with.actual = found.actual;
    with.text = found.why_not_known;
    with.at = at;
    return with;
}

/// Times at which something could have changed in [from, to], the end itself among them.
std::vector<time_point> looked_at(check_spec const& check, observations const& of, time_point from,
                                  time_point to)
{
    auto times = of.times(probes_of(check), from, to);
    times.push_back(to);
    return times;
}

judgement judge_once(check_spec const& check, observations const& of, window const& in,
                     time_point now, judgement base)
{
    auto const until = std::min(now, in.to);
    finding last;
    for (auto const at : looked_at(check, of, in.from, until)) {
        last = look(check, of, in.load_from, at);
        if (last.holds.value_or(false))
            return decided(std::move(base), last, at);
    }
    base.actual = last.actual;
    base.text = last.why_not_known;
    return now < in.to ? base : decided(std::move(base), last, in.to);
}

judgement judge_always(check_spec const& check, observations const& of, window const& in,
                       time_point now, judgement base)
{
    auto const until = std::min(now, in.to);
    bool seen = false;
    finding last;
    for (auto const at : of.times(probes_of(check), in.from, until)) {
        auto found = look(check, of, in.load_from, at);
        if (!found.holds)
            continue;
        seen = true;
        last = std::move(found);
        if (!*last.holds)
            return decided(std::move(base), last, at);
    }
    base.actual = last.actual;
    if (now < in.to)
        return base;
    if (!seen) {  // of a load alone, or of what was never seen
        last = look(check, of, in.load_from, in.to);
        base.too_few = !last.holds.has_value();
    }
    return decided(std::move(base), last, in.to);
}

judgement judge_trend(check_spec const& check, observations const& of, window const& in,
                      time_point now, judgement base)
{
    auto const until = std::min(now, in.to);
    auto const found = trend_of(check, of, in.from, until);
    base.actual = found.actual;
    bool const over = now >= in.to;
    if (in.once && found.holds.value_or(false)) {
        base.state = check_state::passed;
        base.at = until;
        return base;
    }
    if (!over)
        return base;
    base.state = !found.holds   ? check_state::unknown
                 : *found.holds ? check_state::passed
                                : check_state::failed;
    base.too_few = found.too_few;
    base.text = found.why_not_known;
    base.at = in.to;
    return base;
}

/// Whether one of its probes was looked at, and never with success.
bool is_unseen(check_spec const& check, observations const& of)
{
    return std::ranges::any_of(probes_of(check), [&](std::string const& name) {
        auto const samples = of.samples(name);
        return !samples.empty() && std::ranges::none_of(samples, [](sample const& each) {
            return each.seen.has_value();
        });
    });
}

judgement with_unseen(judgement is, check_spec const& check, observations const& of)
{
    is.unseen = is.state == check_state::unknown && is_unseen(check, of);
    return is;
}

judgement judge_in_window(check_spec const& check, observations const& of, run_ends const& ends,
                          time_point now)
{
    judgement base{.expected = expected_text(check)};
    auto in = window_of(check, of, ends);
    if (!in) {
        if (ends.all == never)
            return base;
        base.state = check_state::unknown;
        base.text = "what it waits for did not come about";
        return base;
    }
    in->to = std::min(in->to, ends.all);
    if (is_trend(check.condition) && !check.expect)
        return judge_trend(check, of, *in, now, std::move(base));
    if (in->once)
        return judge_once(check, of, *in, now, std::move(base));
    if (check.always)
        return judge_always(check, of, *in, now, std::move(base));
    if (now < in->to)
        return base;
    return decided(std::move(base), look(check, of, in->load_from, in->to), in->to);
}

}  // namespace

judgement judge(check_spec const& check, observations const& of, run_ends const& ends,
                time_point now)
{
    return with_unseen(judge_in_window(check, of, ends, now), check, of);
}

bool held_without_fault(check_spec const& check, observations const& of)
{
    auto first = never;
    for (auto const& fault : of.faults())
        first = std::min(first, fault.begin);
    if (first == never)
        return true;
    if (is_trend(check.condition) && !check.expect) {
        auto const phases = of.phases();
        return !phases.empty() &&
               trend_of(check, of, phases.front().begin, first).holds.value_or(false);
    }
    auto const times = looked_at(check, of, time_point::min(), first);
    return std::ranges::any_of(times, [&](time_point at) {
        return look(check, of, time_point::min(), at).holds.value_or(false);
    });
}

judgement judge_now(check_spec const& check, observations const& of, time_point now)
{
    judgement const base{.expected = expected_text(check)};
    if (!is_trend(check.condition) || check.expect)
        return with_unseen(decided(base, look(check, of, time_point::min(), now), now), check, of);
    auto const found = trend_of(check, of, time_point::min(), now);
    return with_unseen(decided(base, {found.holds, found.actual, found.why_not_known}, now), check,
                       of);
}

}  // namespace aconite::experiment
