#include "api/routes/metrics.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <utility>
#include <vector>

namespace aconite::api {
namespace {

using prometheus::MetricType;

double seconds(duration d)
{
    return std::chrono::duration<double>(d).count();
}

/// The families of one text, each with a metric for every proxy or toxic that has it.
class families {
public:
    void begin(char const* name, char const* help, MetricType type = MetricType::Counter)
    {
        auto& made = all_.emplace_back();
        made.name = name;
        made.help = help;
        made.type = type;
    }

    void add(std::vector<prometheus::ClientMetric::Label> labels, double value)
    {
        auto& made = append(std::move(labels));
        if (all_.back().type == MetricType::Gauge)
            made.gauge.value = value;
        else
            made.counter.value = value;
    }

    void add(std::vector<prometheus::ClientMetric::Label> labels, duration_histogram const& value)
    {
        auto& made = append(std::move(labels)).histogram;
        made.sample_count = value.count();
        made.sample_sum = seconds(value.sum);
        std::uint64_t below = 0;
        for (std::size_t i = 0; i < duration_histogram::bounds.size(); ++i) {
            below += value.counts[i];
            made.bucket.push_back({below, seconds(duration_histogram::bounds[i])});
        }
    }

    [[nodiscard]] std::string text() const { return prometheus::TextSerializer().Serialize(all_); }

private:
    prometheus::ClientMetric& append(std::vector<prometheus::ClientMetric::Label> labels)
    {
        auto& made = all_.back().metric.emplace_back();
        made.label = std::move(labels);
        return made;
    }

    std::vector<prometheus::MetricFamily> all_;
};

void add_bytes(families& into, engine_stats const& stats, char const* name, char const* help,
               std::uint64_t stream_traffic::*bytes)
{
    into.begin(name, help);
    for (auto const& proxy : stats.proxies)
        for (auto const direction : {stream::upstream, stream::downstream})
            // In alphabetical order: scripts look for the whole line.
            into.add(
                {{"direction", std::string(to_text(direction))},
                 {"listener", proxy.listen},
                 {"proxy", proxy.name},
                 {"upstream", proxy.upstream}},
                static_cast<double>(proxy.streams[static_cast<std::size_t>(direction)].*bytes));
}

template <class Value>
void add_each_proxy(families& into, engine_stats const& stats, char const* name, char const* help,
                    MetricType type, Value value)
{
    into.begin(name, help, type);
    for (auto const& proxy : stats.proxies)
        into.add({{"proxy", proxy.name}}, value(proxy));
}

/// Those that were removed are summed up with those that have their name, so that no counter goes
/// back while a proxy lives.
template <class Value>
void add_each_toxic(families& into, engine_stats const& stats, char const* name, char const* help,
                    MetricType type, Value value)
{
    into.begin(name, help, type);
    for (auto const& proxy : stats.proxies) {
        std::map<std::pair<std::string, std::string>, decltype(value(toxic_stats()))> sums;
        for (auto const& toxic : proxy.toxics)
            sums[{toxic.name, toxic.type}] += value(toxic);
        for (auto const& [who, sum] : sums)
            into.add({{"proxy", proxy.name}, {"toxic", who.first}, {"type", who.second}}, sum);
    }
}

double number(std::uint64_t n)
{
    return static_cast<double>(n);
}

void add_proxies(families& into, engine_stats const& stats)
{
    using enum prometheus::MetricType;
    add_each_proxy(into, stats, "aconite_connections_open", "Connections that live now.", Gauge,
                   [](auto const& p) { return number(p.connections_open); });
    add_each_proxy(into, stats, "aconite_connections_total", "Connections accepted.", Counter,
                   [](auto const& p) { return number(p.connections_total); });
    add_each_proxy(into, stats, "aconite_connections_refused_total",
                   "Connections reset by a toxic when they were accepted.", Counter,
                   [](auto const& p) { return number(p.refused); });
    add_each_proxy(into, stats, "aconite_dial_errors_total", "Upstreams that were not reached.",
                   Counter, [](auto const& p) { return number(p.dial_errors); });
    add_each_proxy(into, stats, "aconite_not_followed_total",
                   "Connections whose protocol could not be followed to their end.", Counter,
                   [](auto const& p) { return number(p.not_followed); });
    add_each_proxy(into, stats, "aconite_unknown_total",
                   "What passed untouched because it is not known.", Counter,
                   [](auto const& p) { return number(p.unknown); });
    add_each_proxy(into, stats, "aconite_addresses_rewritten_total",
                   "Addresses of brokers in place of which clients were told of the proxy.",
                   Counter, [](auto const& p) { return number(p.rewritten); });
    add_each_proxy(into, stats, "aconite_bypass_total",
                   "Addresses around the proxy that clients were told of.", Counter,
                   [](auto const& p) { return number(p.bypass); });
    add_each_proxy(into, stats, "aconite_dial_seconds", "Time to reach the upstream.", Histogram,
                   [](auto const& p) { return p.dials; });
}

void add_toxics(families& into, engine_stats const& stats)
{
    using enum prometheus::MetricType;
    add_each_toxic(into, stats, "aconite_toxic_hits_total",
                   "How often the toxic changed what a receiver sees.", Counter,
                   [](auto const& t) { return number(t.hits); });
    add_each_toxic(into, stats, "aconite_toxic_added_delay_seconds",
                   "Delay of each piece of data that the toxic held.", Histogram,
                   [](auto const& t) { return t.added_delay; });
}

void add_engine(families& into, engine_stats const& stats)
{
    into.begin("aconite_held_bytes", "Bytes that toxics hold now, and what keeping them costs.",
               MetricType::Gauge);
    into.add({}, number(stats.held_bytes));
    into.begin("aconite_journal_records_total", "Records written to the journal.");
    into.add({}, number(stats.journal_records));
    into.begin("aconite_journal_dropped_total", "Records of the journal that were overwritten.");
    into.add({}, number(stats.journal_dropped));
    into.begin("aconite_event_loop_lag_seconds",
               "Length of each round of a data thread: for so long a ready socket waits at most.",
               MetricType::Histogram);
    into.add({}, stats.loop_rounds);
}

}  // namespace

std::string engine_text(engine_stats const& stats)
{
    families made;
    if (!stats.proxies.empty()) {
        add_bytes(made, stats, "toxiproxy_proxy_received_bytes_total", "Bytes read by the proxy.",
                  &stream_traffic::received_bytes);
        add_bytes(made, stats, "toxiproxy_proxy_sent_bytes_total", "Bytes written by the proxy.",
                  &stream_traffic::sent_bytes);
    }
    add_proxies(made, stats);
    add_toxics(made, stats);
    add_engine(made, stats);
    return made.text();
}

}  // namespace aconite::api
