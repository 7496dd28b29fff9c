#include "clients/experiment/run/play.hpp"

#include "clients/experiment/actions/left_load.hpp"
#include "clients/experiment/run/containers.hpp"
#include "clients/experiment/run/gaps.hpp"
#include "clients/experiment/run/kinds.hpp"
#include "clients/experiment/run/moment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace aconite::experiment {
namespace {

using namespace std::chrono_literals;

constexpr auto look_limit = 5s;
constexpr auto steady_limit = 30s;
constexpr std::chrono::milliseconds load_grace = 2s;
constexpr std::chrono::milliseconds hasty_grace = 500ms;  // once it was told to stop
constexpr auto fresh_limit = 10s;
constexpr auto turn = 50ms;
constexpr auto shown_every = 500ms;
constexpr duration interval_min = 50ms;

duration as_steady(nanoseconds time)
{
    return std::chrono::duration_cast<duration>(time);
}

problem in_file(part_spec const& at, problem const& what)
{
    return {0, fmt::format("line {}: {}: {}", at.at.line, at.name, what.text)};
}

}  // namespace

play::play(experiment_spec const& what, run_options const& how, scene& on, progress& told,
           stop_signal& stop, faults mode)
    : what_(what), how_(how), on_(on), told_(told), stop_(stop), mode_(mode)
{
    out_.seen = std::make_shared<observations>();
    told_.set_observations(out_.seen.get());
}

play::~play()
{
    told_.set_observations(nullptr);
}

nanoseconds play::scaled(nanoseconds time) const
{
    return nanoseconds(std::llround(static_cast<double>(time.count()) * how_.time_scale));
}

void play::stage(std::string name, time_point end)
{
    told_.update([&](progress_view& view) {
        view.stage = std::move(name);
        view.stage_begin = clock::now();
        view.stage_end = end;
    });
}

result<void> play::make()
{
    faults_ = std::make_unique<fault_runs>(on_.where(), on_.undo(), *out_.seen, told_);
    if (auto const made = faults_->make(what_); !made)
        return made;
    for (auto const& each : what_.loads) {
        auto made = std::make_shared<load_run>();
        made->what = &each;
        out_.loads.push_back(std::move(made));
    }
    return watch();
}

result<void> play::watch()
{
    auto const interval = std::max(as_steady(scaled(what_.interval)), interval_min);
    watcher_ = std::make_unique<watcher>(*out_.seen, interval, look_limit);
    for (auto const& each : what_.probes) {
        auto const* kind = probe_kind_named(each.type);
        if (kind == nullptr)
            return in_file(each, {0, fmt::format("no probe is called {}", each.type)});
        auto made = kind->make(each.how, on_.where());
        if (!made)
            return in_file(each, made.error());
        watcher_->add(each.name, std::move(*made));
    }
    return {};
}

bool play::steady(checked::stage when)
{
    stage("steady state", never);
    auto limit = duration(steady_limit);
    for (auto const& each : what_.steady_state)
        if (each.within)
            limit = std::max(limit, as_steady(*each.within));
    if (!out_.gaps.empty())  // what is gone does not come back
        limit = {};
    auto const deadline = clock::now() + limit;
    std::vector<checked> found;
    for (;;) {
        watcher_->refresh(std::min(deadline, clock::now() + fresh_limit));
        found.clear();
        for (auto const& each : what_.steady_state)
            found.push_back({&each, when, judge_now(each, *out_.seen, clock::now()), true});
        auto const holds = std::ranges::all_of(
            found, [](checked const& each) { return each.is.state == check_state::passed; });
        if (holds || stop_.wait_until(std::min(deadline, clock::now() + turn)) ||
            clock::now() >= deadline) {
            out_.checks.insert(out_.checks.end(), found.begin(), found.end());
            return holds;
        }
    }
}

result<void> play::start_loads()
{
    for (auto& each : out_.loads) {
        each->counts = std::make_unique<recorder>(clock::now());
        auto made =
            load_kind_named(each->what->type)->make(each->what->how, on_.where(), *each->counts);
        if (!made)
            return in_file(*each->what, made.error());
        each->does = std::move(*made);
        out_.seen->add_load(each->what->name, *each->counts);
        if (each->what->type == "command" && !loads_noted_) {
            auto const noted = on_.undo().add(left_load_record(on_.where()));
            if (!noted)
                return noted.error();
            loads_noted_ = *noted;
        }
        if (auto const begun = each->does->start(); !begun)
            return in_file(*each->what, begun.error());
    }
    return {};
}

void play::stop_loads()
{
    for (auto& each : out_.loads)
        if (each->does) {
            each->end = each->does->stop(stop_.over() ? hasty_grace : load_grace);
            each->does.reset();
        }
    if (!loads_noted_)
        return;
    for (auto const& fault : on_.undo().undo({*loads_noted_}, on_.where()))
        told_.tell(event::level::warning, fmt::format("of a load is left: {}", fault.text));
    loads_noted_.reset();
}

void play::note_traffic(std::map<std::string, proxy_traffic>& into)
{
    for (auto const& [name, each] : what_.targets)
        if (!each.proxy.empty())
            if (auto const seen = on_.proxies().traffic(each))
                into[name] = *seen;
}

result<void> play::run()
{
    if (auto const made = make(); !made)
        return made;
    if (!steady(checked::stage::before) || stop_.over()) {
        watcher_->stop();
        out_.over = clock::now();
        return {};
    }
    if (auto const found = faults_->find_targets(); !found) {
        watcher_->stop();
        out_.over = clock::now();
        return found;
    }
    note_traffic(traffic_before_);
    out_.zero = clock::now();  // before the first request, which the first phase counts
    auto went = start_loads();
    if (went)
        went = phases();
    faults_->end_all(went ? "end" : "abort");
    ends_.phases = clock::now();
    if (went && !stop_.over()) {
        settle(false);
        stop_loads();
        stop_.wait_until(clock::now() + recorder::slot_length);  // the last one is whole then
        watcher_->refresh(clock::now() + fresh_limit);
        ends_.load = clock::now();
        settle(true);
        ends_.all = clock::now();
        judge_all(ends_.all);
        out_.recovered = recoveries(*out_.seen);
        if (mode_ == faults::done)
            add_gone_containers(out_.gaps, what_, on_.where());
        steady(checked::stage::after);
        look_for_gaps();
    }
    stop_loads();
    watcher_->stop();
    out_.over = clock::now();
    return went;
}

result<void> play::phases()
{
    for (std::size_t i = 0; i < what_.phases.size() && !stop_.over(); ++i) {
        auto const& each = what_.phases[i];
        auto const now = i == 0 ? out_.zero : clock::now();
        out_.seen->begin_phase(each.name, now);
        stage(each.name, now + as_steady(scaled(each.duration)));
        told_.update([&](progress_view& view) { view.phase = i + 1; });
        told_.tell(event::level::info,
                   fmt::format("phase {}{}{}", each.name, each.description.empty() ? "" : ": ",
                               each.description));
        auto const went = phase(i);
        faults_->end_of_phase(i);
        out_.seen->end_phase(clock::now());
        if (!went)
            return went;
    }
    return {};
}

result<void> play::phase(std::size_t number)
{
    struct turn_point {
        time_point at;
        std::size_t action;
        bool begins;
    };
    auto const& what = what_.phases[number];
    auto const begin = clock::now();
    auto const end = begin + as_steady(scaled(what.duration));
    std::vector<turn_point> points;
    for (std::size_t i = 0; i < what.actions.size(); ++i) {
        auto const& each = what.actions[i];
        auto const at = begin + as_steady(scaled(each.offset));
        points.push_back({at, i, true});
        if (each.duration)
            points.push_back({at + as_steady(scaled(*each.duration)), i, false});
    }
    std::ranges::stable_sort(points, {}, &turn_point::at);

    auto next = points.begin();
    for (;;) {
        auto const now = clock::now();
        for (; next != points.end() && next->at <= now; ++next) {
            auto const& action = what.actions[next->action];
            if (mode_ == faults::left_out && action.type != "wait")
                continue;
            if (!next->begins) {
                faults_->end(number, next->action, "duration");
                continue;
            }
            auto const done =
                action.type == "wait" ? wait_action(action) : faults_->start(number, next->action);
            if (!done)
                return done;
        }
        if (what.until && next == points.end()) {
            auto const holds = what.until->evaluate(moment(*out_.seen, begin, now));
            if (holds && is_true(*holds))
                return {};
        }
        // A fault that would last longer ends with its phase.
        bool const over = now >= end && (next == points.end() || next->at > end);
        if (over &&
            std::all_of(next, points.end(), [](turn_point const& each) { return !each.begins; }))
            return {};
        auto until = next != points.end() ? std::min(next->at, end) : end;
        if (now >= end && next != points.end())
            until = next->at;
        show_checks(now);
        until = std::min(until, now + (what.until ? duration(turn) : duration(shown_every)));
        if (stop_.wait_until(until))
            return {};
    }
}

result<void> play::wait_action(action_spec const& what)
{
    auto const wanted = std::get<expression>(expression::parse(what.how.text("expect")));
    auto const deadline = clock::now() + as_steady(what.how.duration("within", steady_limit));
    for (;;) {
        moment const now(*out_.seen, out_.zero, clock::now());
        auto const holds = wanted.evaluate(now);
        if (holds && is_true(*holds))
            return {};
        if (clock::now() >= deadline)
            return problem{0, fmt::format("line {}: waited {} for {}: {}", what.at.line,
                                          to_text(what.how.duration("within", steady_limit)),
                                          wanted.text(), wanted.explain(now))};
        if (stop_.wait_until(std::min(deadline, clock::now() + turn)))
            return {};
    }
}

play::open_checks play::show_checks(time_point now)
{
    open_checks open;
    std::vector<std::pair<std::string, judgement>> shown;
    for (auto const& each : what_.validation) {
        auto is = judge(each, *out_.seen, ends_, now);
        if (is.state == check_state::open)
            (each.after_phase.empty() && each.during.empty() ? open.without : open.under_load) =
                true;
        if (is.actual.empty())
            is.actual = judge_now(each, *out_.seen, now).actual;
        shown.emplace_back(each.name, std::move(is));
    }
    told_.update([&](progress_view& view) { view.checks = std::move(shown); });
    return open;
}

void play::settle(bool without_load)
{
    stage("checks", never);
    for (;;) {
        auto const now = clock::now();
        auto const open = show_checks(now);
        bool const waits = open.under_load || (without_load && open.without);
        if (!waits || stop_.wait_until(now + turn))
            return;
    }
}

void play::judge_all(time_point now)
{
    // Without a fault nothing was seen to hold before it.
    bool const any_fault = !out_.seen->faults().empty();
    for (auto const& each : what_.validation) {
        auto is = judge(each, *out_.seen, ends_, now);
        is.too_few = is.too_few || !any_fault;
        out_.checks.push_back({&each, checked::stage::validation, std::move(is),
                               held_without_fault(each, *out_.seen)});
    }
}

void play::look_for_gaps()
{
    std::map<std::string, proxy_traffic> after;
    note_traffic(after);
    for (auto& [name, seen] : after) {
        seen.connections -= std::min(seen.connections, traffic_before_[name].connections);
        seen.bytes -= std::min(seen.bytes, traffic_before_[name].bytes);
        seen.bypasses -= std::min(seen.bypasses, traffic_before_[name].bypasses);
    }
    if (mode_ != faults::done)
        return;
    for (auto const& [name, seen] : traffic_before_)
        if (!after.contains(name))
            out_.gaps.push_back(
                {"EVIDENCE_MISSING", fmt::format("the proxy of {} was gone in the end", name)});
    for (auto const& url : on_.proxies().lost())
        out_.gaps.push_back(
            {"EVIDENCE_MISSING",
             fmt::format("{} ended its faults by itself, as it lost the lease", url)});
    add_gaps(out_.gaps, what_, *out_.seen, faults_->all(), after);
}

std::vector<bool> play::held() const
{
    std::vector<bool> all;
    for (auto const& each : out_.checks)
        if (each.when == checked::stage::validation)
            all.push_back(each.is.state == check_state::passed);
    return all;
}

void play::note_control(std::vector<bool> const& held_without_faults)
{
    std::size_t i = 0;
    for (auto& each : out_.checks)
        if (each.when == checked::stage::validation && i < held_without_faults.size())
            each.control = held_without_faults[i++] || each.control;
}

play_outcome play::outcome()
{
    if (faults_)
        out_.faults = faults_->take();
    return std::move(out_);
}

}  // namespace aconite::experiment
