#include "clients/experiment/run/report_json.hpp"

#include "clients/experiment/run/kinds.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace aconite::experiment {
namespace {

constexpr int schema = 1;
constexpr auto own_version = "0.1.0";
/// Of a series: the chart has no more dots across.
constexpr std::size_t points_max = 600;

std::string utc(std::chrono::system_clock::time_point at)
{
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                       fmt::gmtime(std::chrono::system_clock::to_time_t(at)));
}

double rounded_seconds(duration time)
{
    return std::round(std::chrono::duration<double>(time).count() * 1000) / 1000;
}

double milliseconds_of(duration time)
{
    return std::round(std::chrono::duration<double, std::milli>(time).count() * 1000) / 1000;
}

/// Seconds from `zero`, null for what did not happen.
json moment_of(time_point at, time_point zero)
{
    return at == never || zero == never ? json(nullptr) : json(rounded_seconds(at - zero));
}

json as_json(value const& is)
{
    if (auto const* number = std::get_if<double>(&is))
        return std::isfinite(*number) ? json(*number) : json(nullptr);
    return to_text(is);
}

json number_json(value const& is)
{
    auto const number = as_number(is).value_or(std::nan(""));
    return std::isfinite(number) ? json(number) : json(nullptr);
}

/// Of that share; null where nothing was answered.
json latency_of(latencies const& of, double share)
{
    return of.count() > 0 ? json(milliseconds_of(of.at(share))) : json(nullptr);
}

json longest_of(latencies const& of)
{
    return of.count() > 0 ? json(milliseconds_of(of.longest())) : json(nullptr);
}

json summary_of(load_summary const& of)
{
    auto by_error = json::object();
    for (auto const& [name, count] : of.by_error)
        by_error[name] = count;
    return {{"requests", of.requests},
            {"ok", of.ok},
            {"errors", of.errors},
            {"seconds", of.seconds},
            {"rate", of.rate()},
            {"error_rate", of.error_rate()},
            {"p50_ms", latency_of(of.answered, 0.5)},
            {"p95_ms", latency_of(of.answered, 0.95)},
            {"p99_ms", latency_of(of.answered, 0.99)},
            {"max_ms", longest_of(of.answered)},
            {"service_p99_ms", latency_of(of.service, 0.99)},
            {"by_error", by_error}};
}

json series_of(recorder const& counts, time_point zero, time_point until)
{
    auto const all = until - counts.origin();
    auto const slots =
        static_cast<std::size_t>(std::max<std::int64_t>(all / recorder::slot_length, 1));
    auto const wide = recorder::slot_length * static_cast<std::int64_t>(1 + slots / points_max);
    auto const second =
        std::max<duration>(wide, std::min<duration>(std::chrono::seconds(1), all / 20));
    json made = {{"t_s", json::array()},
                 {"ok_per_s", json::array()},
                 {"errors_per_s", json::array()},
                 {"p50_ms", json::array()},
                 {"p99_ms", json::array()}};
    auto const step =
        std::max<duration>(second - second % recorder::slot_length, recorder::slot_length);
    for (auto at = counts.origin(); at < until; at += step) {
        auto const part = counts.between(at, at + step);
        auto const length = std::chrono::duration<double>(step).count();
        made["t_s"].push_back(rounded_seconds(at - zero));
        made["ok_per_s"].push_back(static_cast<double>(part.ok) / length);
        made["errors_per_s"].push_back(static_cast<double>(part.errors) / length);
        made["p50_ms"].push_back(latency_of(part.answered, 0.5));
        made["p99_ms"].push_back(latency_of(part.answered, 0.99));
    }
    return made;
}

/// What the same load came to in the pass without faults; null: there was none.
json control_of(run_record const& of, part_spec const& load)
{
    for (auto const& each : of.control)
        if (each->what == &load && each->counts)
            return summary_of(each->counts->between(each->counts->origin(), never));
    return nullptr;
}

json loads_of(run_record const& of)
{
    auto all = json::array();
    for (auto const& each : of.played.loads) {
        if (!each->counts)
            continue;
        auto const& counts = *each->counts;
        auto const until = counts.origin() + counts.span() + recorder::slot_length;
        auto phases = json::array();
        for (auto const& phase : of.played.seen->phases()) {
            auto made = summary_of(counts.between(phase.begin, phase.end));
            made["phase"] = phase.name;
            phases.push_back(std::move(made));
        }
        all.push_back(
            {{"name", each->what->name},
             {"kind", each->what->type},
             {"control", control_of(of, *each->what)},
             {"settings", each->what->how.to_json()},
             {"summary", summary_of(counts.between(counts.origin(), until))},
             {"phases", phases},
             {"series", series_of(counts, of.played.zero, until)},
             {"exit_status", each->end.exit_status ? json(*each->end.exit_status) : json(nullptr)},
             {"output", each->end.output},
             {"fault", each->end.fault}});
    }
    return all;
}

json probes_of_run(run_record const& of)
{
    auto all = json::array();
    for (auto const& each : of.what.probes) {
        auto const samples = of.played.seen->samples(each.name);
        json made = {{"name", each.name}, {"kind", each.type}, {"about", each.how.to_json()},
                     {"first", nullptr},  {"last", nullptr},   {"looks", samples.size()}};
        std::size_t failures = 0;
        std::string last_failure;
        json times = json::array();
        json values = json::array();
        auto const step = 1 + samples.size() / points_max;
        for (std::size_t i = 0; i < samples.size(); ++i) {
            auto const& seen = samples[i];
            if (!seen.seen) {
                ++failures;
                last_failure = seen.failure;
            } else {
                if (made["first"].is_null())
                    made["first"] = as_json(*seen.seen);
                made["last"] = as_json(*seen.seen);
            }
            if (i % step != 0 && i + 1 != samples.size())
                continue;
            times.push_back(moment_of(seen.at, of.played.zero));
            values.push_back(seen.seen ? number_json(*seen.seen) : json(nullptr));
        }
        made["failures"] = failures;
        made["last_failure"] = last_failure;
        made["series"] = {{"t_s", times}, {"value", values}};
        all.push_back(std::move(made));
    }
    return all;
}

json actions_of(run_record const& of)
{
    auto all = json::array();
    for (auto const& each : of.played.faults) {
        if (each.what->type == "wait")
            continue;
        std::string target;
        for (auto const& name : each.what->targets)
            target += (target.empty() ? "" : ", ") + name;
        all.push_back({{"name", each.what->name},
                       {"type", each.what->type},
                       {"target", target},
                       {"phase", each.phase},
                       {"begin_s", moment_of(each.begin, of.played.zero)},
                       {"end_s", moment_of(each.end, of.played.zero)},
                       {"ended_by", each.ended_by},
                       {"lasts", each.kind->lasts},
                       {"settings", each.what->how.to_json()},
                       {"hits", each.seen.hits ? json(*each.seen.hits) : json(nullptr)},
                       {"evidence", each.seen.text},
                       {"error", each.error}});
    }
    return all;
}

std::string_view word_of_state(check_state is)
{
    return is == check_state::passed ? "passed" : is == check_state::failed ? "failed" : "unknown";
}

json checks_of(run_record const& of)
{
    constexpr std::array<std::string_view, 3> stages = {"before", "validation", "after"};
    auto all = json::array();
    for (auto const& each : of.played.checks)
        all.push_back(
            {{"name", each.what->name},
             {"stage", stages[static_cast<std::size_t>(each.when)]},
             {"expected", each.is.expected},
             {"actual", each.is.actual},
             {"state", word_of_state(each.is.state)},
             {"at_s", moment_of(each.is.at, of.played.zero)},
             {"within_s", each.what->within
                              ? json(std::chrono::duration<double>(*each.what->within).count())
                              : json(nullptr)},
             {"after_phase", each.what->after_phase},
             {"during", each.what->during},
             {"control", each.control ? "seen" : "not_seen"},
             {"text", each.is.text}});
    return all;
}

json phases_of(run_record const& of)
{
    auto all = json::array();
    for (auto const& each : of.played.seen->phases()) {
        auto const planned = std::ranges::find(of.what.phases, each.name, &phase_spec::name);
        all.push_back({{"name", each.name},
                       {"description", planned->description},
                       {"begin_s", moment_of(each.begin, of.played.zero)},
                       {"end_s", moment_of(each.end, of.played.zero)},
                       {"planned_s", std::chrono::duration<double>(planned->duration).count() *
                                         of.how.time_scale}});
    }
    return all;
}

json recovery_rows(run_record const& of)
{
    auto all = json::array();
    for (auto const& each : of.played.recovered)
        all.push_back({{"target", each.target},
                       {"fault_end_s", moment_of(each.fault_end, of.played.zero)},
                       {"first_success_s", moment_of(each.first_success, each.fault_end)},
                       {"row_of_successes_s", moment_of(each.row_of_successes, each.fault_end)},
                       {"p95_back_s", moment_of(each.p95_back, each.fault_end)}});
    return all;
}

std::string host_name()
{
    std::array<char, 256> name{};
    return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

}  // namespace

json report_of(run_record const& of)
{
    auto codes = json::array();
    for (auto const& each : of.played.gaps)
        codes.push_back({{"code", each.code}, {"text", each.text}});
    auto log = json::array();
    constexpr std::array<std::string_view, 3> levels = {"info", "warning", "error"};
    for (auto const& each : of.events)
        log.push_back({{"t_s", moment_of(each.at, of.played.zero)},
                       {"level", levels[static_cast<std::size_t>(each.how_bad)]},
                       {"text", each.text}});
    bool const played = of.played.seen != nullptr;
    return {{"schema", schema},
            {"name", of.what.name},
            {"description", of.what.description},
            {"hypothesis", of.what.hypothesis},
            {"file", of.how.file.string()},
            {"run", of.how.run},
            {"seed", of.how.seed},
            {"started", utc(of.began)},
            {"ended", utc(of.ended)},
            {"duration_s", std::chrono::duration<double>(of.ended - of.began).count()},
            {"time_scale", of.how.time_scale},
            {"verdict", word_of(of.is)},
            {"codes", codes},
            {"error", of.error},
            {"environment",
             {{"aconite", own_version},
              {"host", host_name()},
              {"servers", of.servers},
              {"command", of.how.command}}},
            {"phases", played ? phases_of(of) : json::array()},
            {"actions", played ? actions_of(of) : json::array()},
            {"checks", played ? checks_of(of) : json::array()},
            {"recovery", recovery_rows(of)},
            {"load", played ? loads_of(of) : json::array()},
            {"probes", played ? probes_of_run(of) : json::array()},
            {"log", log},
            {"repeats", json::array()},
            {"learning", of.what.learning},
            {"improvement", of.what.improvement},
            {"journal", of.journal.empty() ? "" : "journal.ndjson"}};
}

}  // namespace aconite::experiment
