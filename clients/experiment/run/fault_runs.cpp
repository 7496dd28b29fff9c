#include "clients/experiment/run/fault_runs.hpp"

#include "clients/experiment/run/kinds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace aconite::experiment {
namespace {

using clock = std::chrono::steady_clock;

constexpr std::array<std::string_view, 4> take_back_kinds = {"start", "restart", "unpause", "up"};
constexpr std::array<std::string_view, 7> helper_kinds = {"command", "http",    "sql", "start",
                                                          "up",      "unpause", "wait"};

template <std::size_t size>
bool is_one_of(std::array<std::string_view, size> const& names, std::string_view name)
{
    return std::ranges::find(names, name) != names.end();
}

problem at_its_line(fault_run const& run, problem const& what)
{
    return {0, fmt::format("line {}: {}: {}", run.what->at.line, run.what->name, what.text)};
}

/// The target that a name means: an entry in `targets`, else a proxy or a container of that name.
target const& target_named(std::string const& name, action_kind const& kind,
                           surroundings const& where, std::vector<std::unique_ptr<target>>& made)
{
    if (auto const found = where.targets.find(name); found != where.targets.end())
        return found->second;
    bool const is_proxy = kind.aims_at.find("proxy") != kind.aims_at.npos;
    made.push_back(std::make_unique<target>(target{.name = name,
                                                   .proxy = is_proxy ? name : std::string(),
                                                   .container = is_proxy ? std::string() : name}));
    return *made.back();
}

}  // namespace

bool fault_run::is_fault() const
{
    return !is_one_of(helper_kinds, what->type);
}

result<void> fault_runs::make(experiment_spec const& of)
{
    for (auto const& phase : of.phases) {
        first_.push_back(runs_.size());
        for (auto const& each : phase.actions) {
            fault_run made{
                .what = &each, .kind = action_kind_named(each.type), .phase = phase.name};
            if (each.type == "wait") {
                runs_.push_back(std::move(made));
                continue;
            }
            if (made.kind == nullptr)
                return problem{0, fmt::format("no action is called {}", each.type)};
            std::vector<target const*> aimed;
            for (auto const& name : each.targets)
                aimed.push_back(&target_named(name, *made.kind, where_, own_targets_));
            auto does = made.kind->make(each.how, aimed, where_);
            if (!does)
                return at_its_line(made, does.error());
            made.does = std::move(*does);
            runs_.push_back(std::move(made));
        }
    }
    return {};
}

result<void> fault_runs::find_targets()
{
    std::set<std::pair<std::string, std::vector<std::string>>> looked_for;
    for (auto const& run : runs_) {
        if (run.what->type == "command" || run.what->type == "http")
            return {};
        if (run.does == nullptr || !looked_for.emplace(run.what->type, run.what->targets).second)
            continue;
        if (auto const found = run.does->find(); !found)
            return at_its_line(run, found.error());
    }
    return {};
}

result<void> fault_runs::start(std::size_t phase, std::size_t number)
{
    auto& run = at(phase, number);
    auto const plan = run.does->undo_plan();
    if (!plan) {
        run.error = plan.error().text;
        return at_its_line(run, plan.error());
    }
    for (auto const& record : *plan) {
        auto const noted = undo_.add(record);
        if (!noted)
            return noted.error();
        run.undo.push_back(*noted);
    }
    run.begin = clock::now();
    auto const done = run.does->start();
    if (!done) {
        run.error = done.error().text;
        finish(run, "error");
        return at_its_line(run, done.error());
    }
    if (is_one_of(take_back_kinds, run.what->type) && take_back(run))
        forget(run);  // all is as it was before the two of them
    told_.tell(event::level::info,
               fmt::format("{}{}", run.what->name, run.kind->lasts ? " is in force" : ": done"));
    if (!run.kind->lasts)
        finish(run, "");
    note();
    return {};
}

void fault_runs::forget(fault_run& run)
{
    for (auto const record : run.undo)
        undo_.forget(record);
    run.undo.clear();
}

/// A container that was killed and is started again needs no undoing any more. Whether there was
/// such a one.
bool fault_runs::take_back(fault_run const& by)
{
    bool found = false;
    for (auto& each : runs_)
        if (&each != &by && each.in_force() && each.kind->outlives_phase &&
            each.what->targets == by.what->targets) {
            forget(each);
            finish(each, "action");
            found = true;
        }
    return found;
}

void fault_runs::finish(fault_run& run, std::string_view why)
{
    if (auto seen = run.does->look()) {
        run.seen = std::move(*seen);
    } else {
        run.unseen = seen.error().text;
        run.seen.text = "what it did is not known: " + run.unseen;
    }
    run.end = clock::now();
    run.ended_by = why;
    // What is over at once is undone with all else at the end, if there is something to undo.
    if (!run.kind->lasts && run.error.empty())
        return;
    for (auto const& fault : undo_.undo(run.undo, where_)) {
        told_.tell(event::level::error,
                   fmt::format("{} could not be undone: {}", run.what->name, fault.text));
        if (run.error.empty())
            run.error = fault.text;
    }
    if (run.kind->lasts && !why.empty())
        told_.tell(event::level::info,
                   fmt::format("{} is over ({}): {}", run.what->name, why, run.seen.text));
}

void fault_runs::end(std::size_t phase, std::size_t number, std::string_view why)
{
    auto& run = at(phase, number);
    if (run.in_force())
        finish(run, why);
    note();
}

void fault_runs::end_of_phase(std::size_t phase)
{
    auto const last = phase + 1 < first_.size() ? first_[phase + 1] : runs_.size();
    for (auto i = last; i-- > first_[phase];)
        if (runs_[i].in_force() && !runs_[i].kind->outlives_phase)
            finish(runs_[i], "phase");
    note();
}

void fault_runs::end_all(std::string_view why)
{
    for (auto i = runs_.size(); i-- > 0;)
        if (runs_[i].in_force())
            finish(runs_[i], why);
    note();
}

void fault_runs::note()
{
    std::vector<fault_span> spans;
    std::vector<std::string> now;
    for (auto const& each : runs_) {
        if (each.begin == never || each.what->type == "wait" || !each.is_fault())
            continue;
        if (each.in_force())
            now.push_back(each.what->name);
        for (auto const& target : each.what->targets)
            spans.push_back({target, each.begin, each.end, each.seen.hits});
    }
    seen_.set_faults(std::move(spans));
    told_.update([&](progress_view& view) { view.faults = now; });
}

}  // namespace aconite::experiment
