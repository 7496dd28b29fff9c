#include "clients/experiment/report/push.hpp"

#include "clients/experiment/report/escape.hpp"
#include "clients/experiment/report/folder.hpp"
#include "clients/experiment/report/gauges.hpp"

#include "clients/cpp/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace aconite::experiment {
namespace {

constexpr std::string_view otlp_path = "/v1/metrics";
constexpr std::size_t refusal_bytes = 300;

json text_attribute(std::string_view name, std::string_view text)
{
    return {{"key", name}, {"value", {{"stringValue", well_formed(text)}}}};
}

json otlp_gauge(gauge const& of, std::string const& experiment, std::int64_t origin)
{
    json points = json::array();
    for (auto const& each : of.points) {
        json attributes = json::array({text_attribute("experiment", experiment)});
        for (auto const& [name, text] : each.labels)
            attributes.push_back(text_attribute(name, text));
        auto const time = std::max<std::int64_t>(0, origin + std::llround(each.at * 1e9));
        // 64-bit numbers are texts in the JSON encoding of protobuf.
        points.push_back({{"attributes", std::move(attributes)},
                          {"timeUnixNano", std::to_string(time)},
                          {"asDouble", each.value}});
    }
    return {{"name", of.name},
            {"description", of.about},
            {"unit", of.unit},
            {"gauge", {{"dataPoints", std::move(points)}}}};
}

std::string prometheus_name(gauge const& of)
{
    std::string name;
    for (char const c : of.name)
        name += c == '.' ? '_' : c;
    return name + (of.unit == "s" ? "_seconds" : of.unit == "ms" ? "_milliseconds" : "");
}

std::string label_value(std::string_view text)
{
    std::string out;
    for (char const c : well_formed(text))
        if (c == '\n')
            out += "\\n";
        else if (c == '\\' || c == '"')
            (out += '\\') += c;
        else
            out += c;
    return out;
}

std::string label_set(std::vector<std::pair<std::string, std::string>> const& labels)
{
    std::string out;
    for (auto const& [name, text] : labels)
        out += fmt::format("{}{}=\"{}\"", out.empty() ? "" : ",", name, label_value(text));
    return "{" + out + "}";
}

result<void> push_to(std::string_view address, std::string_view path, std::string_view what,
                     client::http_request request, client::ask_settings const& how)
{
    auto where = client::parse_url(address);
    if (!where)
        return where.error();
    if (where->prefix.ends_with(path))
        where->prefix.resize(where->prefix.size() - path.size());
    request.user_agent = "aconite-experiment";
    auto const answer = client::ask(*where, request, how);
    auto const who = fmt::format("{} at {}", what, client::to_text(*where));
    if (!answer)
        return problem{
            0, fmt::format("{} did not take the numbers: {}", who, one_line(answer.error().text))};
    if (answer->status >= 200 && answer->status < 300)
        return {};
    auto const said = one_line(std::string_view(answer->body).substr(0, refusal_bytes));
    return problem{static_cast<int>(answer->status),
                   fmt::format("{} refused the numbers with HTTP {}{}", who, answer->status,
                               said.empty() ? "" : ": " + said)};
}

}  // namespace

std::string run_id(json const& report)
{
    return folder_name(text_of(report, "name"), text_of(report, "started"));
}

std::string otlp_body(json const& report)
{
    auto const origin = epoch_nanoseconds(text_of(report, "started")).value_or(0);
    auto const name = text_of(report, "name");
    json metrics = json::array();
    for (auto const& each : gauges_of(report, true))
        metrics.push_back(otlp_gauge(each, name, origin));
    auto const version = text_of(object_of(report, "environment"), "aconite");
    json const resource = {
        {"attributes",
         json::array({text_attribute("service.name", "aconite-experiment"),
                      text_attribute("service.version", version),
                      text_attribute("experiment", name), text_attribute("run", run_id(report)),
                      text_attribute("verdict", text_of(report, "verdict"))})}};
    json const scope = {{"name", "aconite.experiment"}, {"version", version}};
    json const body = {
        {"resourceMetrics",
         json::array(
             {{{"resource", resource},
               {"scopeMetrics", json::array({{{"scope", scope}, {"metrics", metrics}}})}}})}};
    return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string pushgateway_body(json const& report)
{
    std::string text;
    auto const experiment = slug_of(text_of(report, "name"));
    for (auto const& each : gauges_of(report, false)) {
        auto const name = prometheus_name(each);
        text += fmt::format("# HELP {0} {1}\n# TYPE {0} gauge\n", name, each.about);
        std::vector<std::string> told;
        for (auto const& point : each.points) {
            auto labels = point.labels;
            labels.emplace(labels.begin(), "experiment", experiment);
            auto set = label_set(labels);
            // Two faults of a phase may be alike: their sum would be a lie, twice the same refused.
            if (std::find(told.begin(), told.end(), set) != told.end())
                continue;
            text += fmt::format("{}{} {}\n", name, set, point.value);
            told.push_back(std::move(set));
        }
    }
    text += fmt::format("# HELP aconite_experiment_info What was run.\n"
                        "# TYPE aconite_experiment_info gauge\naconite_experiment_info{} 1\n",
                        label_set({{"experiment", experiment},
                                   {"name", one_line(text_of(report, "name"))},
                                   {"run", run_id(report)},
                                   {"seed", one_line(shown(report, "seed"))}}));
    if (auto const when = epoch_nanoseconds(text_of(report, "started")))
        text +=
            fmt::format("# HELP aconite_experiment_started_seconds When it began.\n"
                        "# TYPE aconite_experiment_started_seconds gauge\n"
                        "aconite_experiment_started_seconds{} {:.3f}\n",
                        label_set({{"experiment", experiment}}), static_cast<double>(*when) / 1e9);
    return text;
}

std::string pushgateway_path(json const& report, std::string_view job)
{
    return "/metrics/job/" + client::percent_encoded(job) + "/experiment/" +
           client::percent_encoded(slug_of(text_of(report, "name")));
}

result<void> push_otlp(json const& report, std::string_view address,
                       client::ask_settings const& how)
{
    return push_to(address, otlp_path, "the OpenTelemetry collector",
                   {"POST", std::string(otlp_path), otlp_body(report), ""}, how);
}

result<void> push_prometheus(json const& report, std::string_view address, std::string_view job,
                             client::ask_settings const& how)
{
    if (job.empty() || job.find('/') != std::string_view::npos)
        return problem{400, "the job of a Pushgateway must have a name without '/', not '" +
                                one_line(job) + "'"};
    return push_to(address, "/metrics", "the Pushgateway",
                   {"PUT", pushgateway_path(report, job), pushgateway_body(report), "",
                    "text/plain; version=0.0.4; charset=utf-8"},
                   how);
}

}  // namespace aconite::experiment
