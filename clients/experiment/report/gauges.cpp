#include "clients/experiment/report/gauges.hpp"

#include "clients/experiment/report/axis.hpp"
#include "clients/experiment/report/escape.hpp"

#include "proxy/net/number.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace aconite::experiment {
namespace {

using label_list = std::vector<std::pair<std::string, std::string>>;

struct load_field {
    char const* member;
    char const* name;
    char const* unit;
    char const* about;
};

constexpr std::array load_fields{
    load_field{"requests", "requests", "{request}", "Requests that ended in the phase."},
    load_field{"ok", "ok", "{request}", "Requests that ended well in the phase."},
    load_field{"errors", "errors", "{request}", "Requests that failed in the phase."},
    load_field{"rate", "rate", "{request}/s", "Requests that ended well, by second."},
    load_field{"error_rate", "error_share", "1", "Share of requests that failed."},
    load_field{"p50_ms", "latency.p50", "ms", "Latency from when a request was due: median."},
    load_field{"p95_ms", "latency.p95", "ms", "Latency from when a request was due: 95 %."},
    load_field{"p99_ms", "latency.p99", "ms", "Latency from when a request was due: 99 %."},
    load_field{"max_ms", "latency.max", "ms", "Latency from when a request was due: longest."},
};

constexpr std::array series_fields{
    load_field{"ok_per_s", "series.ok", "{request}/s", "Requests that ended well, over time."},
    load_field{"errors_per_s", "series.errors", "{request}/s", "Requests that failed, over time."},
    load_field{"p50_ms", "series.p50", "ms", "Latency over time: median."},
    load_field{"p99_ms", "series.p99", "ms", "Latency over time: 99 %."},
};

/// The phase at a time.
std::string phase_at(json const& report, double seconds)
{
    for (auto const& each : list_of(report, "phases")) {
        auto const begin = number_of(each, "begin_s");
        auto const end = number_of(each, "end_s");
        if (begin && end && seconds >= *begin && seconds < *end)
            return one_line(text_of(each, "name"));
    }
    return "";
}

double end_of_phase(json const& report, std::string const& name)
{
    for (auto const& each : list_of(report, "phases"))
        if (text_of(each, "name") == name)
            return number_of(each, "end_s").value_or(0);
    return 0;
}

class gauge_list {
public:
    explicit gauge_list(json const& report)
        : report_(report), end_(std::clamp(axis_of(report).to, 0.0, 1e9))
    {}

    void add(std::string name, char const* unit, char const* about, double at,
             std::optional<double> value, label_list labels)
    {
        if (!value)
            return;
        name = "aconite.experiment." + name;
        auto found = std::ranges::find(gauges_, name, &gauge::name);
        if (found == gauges_.end()) {
            gauges_.push_back({std::move(name), unit, about});
            found = gauges_.end() - 1;
        }
        // One point for each set of labels and time: whoever collects refuses a second one.
        for (auto const& each : found->points)
            if (each.at == at && each.labels == labels)
                return;
        found->points.push_back({at, *value, std::move(labels)});
    }

    void add_verdict()
    {
        auto const verdict = text_of(report_, "verdict");
        for (auto const* each : {"held", "not_held", "inconclusive", "could_not_run"})
            add("verdict", "1", "1 for what the verdict is, 0 for what it is not.", end_,
                verdict == each ? 1 : 0, {{"verdict", each}});
        add("duration", "s", "How long the run took.", end_, number_of(report_, "duration_s"), {});
        for (auto const& each : list_of(report_, "checks")) {
            auto const state = text_of(each, "state");
            add("check.passed", "1", "1 if the check passed, 0 if it failed or was left open.",
                end_, state == "passed" ? 1 : 0,
                {{"check", one_line(shown(each, "name"))},
                 {"stage", one_line(text_of(each, "stage"))}});
        }
        for (auto const& each : list_of(report_, "recovery"))
            add("recovery.first_success", "s", "From the end of the fault to the first success.",
                end_, number_of(each, "first_success_s"),
                {{"target", one_line(shown(each, "target"))}});
        for (auto const& each : list_of(report_, "actions"))
            add("fault.hits", "{hit}", "How often a fault acted.", end_, number_of(each, "hits"),
                {{"action", one_line(shown(each, "type"))},
                 {"target", one_line(text_of(each, "target"))},
                 {"phase", one_line(text_of(each, "phase"))}});
    }

    void add_load(json const& load, bool series)
    {
        label_list const whose{
            {"load", one_line(text_of(load, "name").empty() ? text_of(load, "kind")
                                                            : text_of(load, "name"))}};
        for (auto const& phase : list_of(load, "phases")) {
            auto const name = text_of(phase, "phase");
            auto labels = whose;
            labels.emplace_back("phase", one_line(name));
            for (auto const& each : load_fields)
                add(std::string("load.") + each.name, each.unit, each.about,
                    end_of_phase(report_, name), number_of(phase, each.member), labels);
        }
        if (series)
            for (auto const& each : series_fields)
                add_series(std::string("load.") + each.name, each.unit, each.about,
                           series_of(object_of(load, "series"), "t_s", each.member), whose);
    }

    void add_probe(json const& probe, bool series)
    {
        label_list const whose{{"probe", one_line(shown(probe, "name"))}};
        constexpr auto about = "What a probe saw.";
        if (series)
            add_series("probe.value", "1", about,
                       series_of(object_of(probe, "series"), "t_s", "value"), whose);
        else
            add("probe.value", "1", about, end_, number_of(probe, "last"), whose);
    }

    std::vector<gauge> take() { return std::move(gauges_); }

private:
    void add_series(std::string const& name, char const* unit, char const* about,
                    series const& line, label_list const& whose)
    {
        gauge all{"aconite.experiment." + name, unit, about};
        for (std::size_t i = 0; i < line.times.size(); ++i) {
            if (!line.values[i])
                continue;
            auto labels = whose;
            if (auto phase = phase_at(report_, line.times[i]); !phase.empty())
                labels.emplace_back("phase", std::move(phase));
            all.points.push_back({line.times[i], *line.values[i], std::move(labels)});
        }
        if (all.points.empty())
            return;
        auto const found = std::ranges::find(gauges_, all.name, &gauge::name);
        if (found == gauges_.end())
            gauges_.push_back(std::move(all));
        else
            std::ranges::move(all.points, std::back_inserter(found->points));
    }

    json const& report_;
    double end_;
    std::vector<gauge> gauges_;
};

}  // namespace

std::vector<gauge> gauges_of(json const& report, bool series)
{
    gauge_list all(report);
    all.add_verdict();
    for (auto const& each : list_of(report, "load"))
        all.add_load(each, series);
    for (auto const& each : list_of(report, "probes"))
        all.add_probe(each, series);
    return all.take();
}

std::optional<std::int64_t> epoch_nanoseconds(std::string_view rfc3339)
{
    constexpr std::string_view form = "0000-00-00T00:00:00";
    if (rfc3339.size() <= form.size() || !rfc3339.ends_with('Z'))
        return std::nullopt;
    for (std::size_t i = 0; i < form.size(); ++i)
        if (form[i] == '0' ? rfc3339[i] < '0' || rfc3339[i] > '9' : rfc3339[i] != form[i])
            return std::nullopt;
    auto const part = [&](std::size_t at, std::size_t length) {
        return aconite::number_in<int>(rfc3339.substr(at, length)).value_or(0);
    };
    using namespace std::chrono;
    year_month_day const day{year(part(0, 4)), month(static_cast<unsigned>(part(5, 2))),
                             std::chrono::day(static_cast<unsigned>(part(8, 2)))};
    if (!day.ok() || day.year() < year(1970) || day.year() > year(2200))
        return std::nullopt;
    auto const whole =
        sys_days(day) + hours(part(11, 2)) + minutes(part(14, 2)) + seconds(part(17, 2));
    auto fraction = rfc3339.substr(form.size(), rfc3339.size() - form.size() - 1);
    std::int64_t nanoseconds_more = 0;
    if (fraction.starts_with('.')) {
        std::string digits(fraction.substr(1, 9));
        digits.resize(9, '0');
        nanoseconds_more = aconite::number_in<std::int64_t>(digits).value_or(0);
    }
    return duration_cast<std::chrono::nanoseconds>(whole.time_since_epoch()).count() +
           nanoseconds_more;
}

}  // namespace aconite::experiment
