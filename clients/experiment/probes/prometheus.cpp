// prometheus: what a program exposes, or what a Prometheus server knows of it.

#include "api/json/json_text.hpp"
#include "clients/experiment/probes/faults.hpp"
#include "clients/experiment/probes/http_call.hpp"
#include "clients/experiment/probes/kinds.hpp"
#include "clients/experiment/probes/prometheus_text.hpp"
#include "proxy/net/number.hpp"

#include <cmath>
#include <optional>

namespace aconite::experiment {
namespace {

constexpr field prometheus_fields[] = {
    {.name = "url",
     .about = "where the metrics are; with `query`, the base URL of a Prometheus server",
     .required = true},
    {.name = "metric", .about = "its name; all its series that fit are added up"},
    {.name = "labels", .type = field_type::object, .about = "labels that a series must have"},
    {.name = "quantile",
     .type = field_type::share,
     .about = "of the histogram `metric`: the value below which this share of all lies",
     .minimum = 0,
     .maximum = 1},
    {.name = "query", .about = "PromQL that gives one number"},
    {.name = "headers", .type = field_type::object, .about = "more fields of the request's header"},
    {.name = "verify",
     .type = field_type::flag,
     .about = "whether https needs a certificate that is trusted (default: true)"},
};

result<value> finite(double number, std::string const& what)
{
    if (std::isnan(number))
        return wrong(what, "is not a number (NaN)");
    // Made in place: g++ 12 takes a variant that is moved here for uninitialised, with sanitizers.
    return {boost::system::in_place_value, number};
}

/// Which series are meant.
struct metric_choice {
    std::string metric;
    std::vector<std::pair<std::string, std::string>> labels{};
    std::optional<double> quantile{};

    [[nodiscard]] bool fits(metric_sample const& sample) const
    {
        for (auto const& [name, text] : labels)
            if (auto const* found = sample.label(name); found == nullptr || *found != text)
                return false;
        return sample.name == metric;
    }
    [[nodiscard]] std::string to_text() const
    {
        auto text = metric;
        for (auto const& [name, wanted] : labels)
            text += fmt::format("{}{}=\"{}\"", text == metric ? "{" : ",", name, wanted);
        return labels.empty() ? text : text + "}";
    }
};

result<value> sum_of(metric_choice const& what, std::string_view exposed)
{
    std::size_t series = 0;
    double sum = 0;
    std::map<double, double> buckets;
    auto const read = read_samples(exposed, [&](metric_sample const& sample) {
        if (!what.fits(sample))
            return;
        ++series;
        sum += sample.number;
        if (auto const* bound = sample.label("le"); what.quantile && bound != nullptr)
            if (auto const at = *bound == "+Inf" ? INFINITY : number_in<double>(*bound);
                at && !std::isnan(*at))
                buckets[*at] += sample.number;
    });
    if (!read)
        return read.error();
    if (series == 0)
        return wrong(what.to_text(), "there is no such series");
    if (!what.quantile)
        return finite(sum, what.to_text());
    auto const found = histogram_quantile(buckets, *what.quantile);
    if (!found)
        return wrong(what.to_text(), "is no histogram that has observed anything");
    return value(*found);
}

class exposed_look final : public probe {
public:
    exposed_look(http_call what, metric_choice which)
        : what_(std::move(what)), which_(std::move(which))
    {}

    result<value> look(std::chrono::milliseconds limit) override
    {
        auto const answer = call(what_, deadline(limit));
        if (!answer)
            return answer.error();
        if (answer->status != 200)
            return wrong(what_.to_text(), fmt::format("answered with status {}", answer->status));
        auto found = sum_of(which_, answer->body);
        if (!found)
            return wrong(what_.to_text(), found.error().text);
        return found;
    }

private:
    http_call what_;
    metric_choice which_;
};

/// Throws json::exception where the answer is none of Prometheus.
result<value> from_query(json const& answer)
{
    if (answer.at("status") != "success")
        return problem{status_wrong, answer.value("error", std::string("the query failed"))};
    auto const& data = answer.at("data");
    auto const type = data.at("resultType").get<std::string>();
    auto const* sample = &data.at("result");
    if (type == "vector") {
        if (sample->empty())
            return problem{status_wrong, "the query finds no series"};
        if (sample->size() > 1)
            return problem{status_wrong, fmt::format("the query gives {} series, not one: sum() "
                                                     "adds them up",
                                                     sample->size())};
        sample = &sample->at(0).at("value");
    } else if (type != "scalar" && type != "string") {
        return problem{status_wrong, "the query gives a " + type + ", not one number"};
    }
    auto text = sample->at(1).get<std::string>();
    if (type == "string")
        return value(std::move(text));
    std::string_view digits = text;
    if (digits.starts_with('+'))
        digits.remove_prefix(1);
    auto const number = number_in<double>(digits);
    if (!number)
        return problem{status_wrong, "'" + text + "' is no number"};
    return finite(*number, "the query's value");
}

class query_look final : public probe {
public:
    explicit query_look(http_call what) : what_(std::move(what)) {}

    result<value> look(std::chrono::milliseconds limit) override
    {
        auto const answer = call(what_, deadline(limit));
        if (!answer)
            return answer.error();
        auto const who = client::to_text(what_.where);
        auto const parsed = api::parse_only_value(answer->body);
        if (parsed.fault || !parsed.value.is_object())
            return wrong(who, fmt::format("answered with status {} and no JSON of Prometheus",
                                          answer->status));
        try {
            auto found = from_query(parsed.value);
            if (!found)
                return wrong(who, found.error().text);
            return found;
        } catch (json::exception const&) {
            return wrong(who, "what it answered is not of Prometheus");
        }
    }

private:
    http_call what_;
};

result<std::unique_ptr<probe>> make_query(settings const& how, http_call what)
{
    for (auto const* each : {"metric", "labels", "quantile"})
        if (how.has(each))
            return wrong(each, "is of no use with query");
    while (what.target.ends_with('/'))
        what.target.pop_back();
    what.target += "/api/v1/query?query=" + client::percent_encoded(how.text("query"));
    return std::make_unique<query_look>(std::move(what));
}

result<std::unique_ptr<probe>> make_prometheus(settings const& how, surroundings const&)
{
    auto what = read_call(how.text("url"));
    if (!what)
        return what.error();
    what->verify_certificate = how.flag("verify", true);
    if (auto const added = add_fields(*what, how.any("headers")); !added)
        return added.error();
    if (how.has("query"))
        return make_query(how, std::move(*what));
    metric_choice which{how.text("metric")};
    if (which.metric.empty())
        return wrong("prometheus", "either metric or query has to be set");
    if (auto const* labels = how.any("labels"); labels != nullptr)
        for (auto const& [name, each] : labels->items())
            which.labels.emplace_back(name,
                                      each.is_string() ? each.get<std::string>() : each.dump());
    if (how.has("quantile")) {
        which.quantile = how.number("quantile");
        if (!which.metric.ends_with("_bucket"))
            which.metric += "_bucket";
    }
    return std::make_unique<exposed_look>(std::move(*what), std::move(which));
}

}  // namespace

probe_kind prometheus_probe()
{
    return {{.name = "prometheus",
             .about = "a number that a program exposes for Prometheus, or that a query gives",
             .fields = prometheus_fields,
             .primary = "url",
             .example = R"({prometheus: "http://127.0.0.1:9400/metrics", metric: events_total})"},
            make_prometheus};
}

}  // namespace aconite::experiment
