#include "api/metrics.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace aconite::api {
namespace {

using counted = std::uint64_t stream_traffic::*;

prometheus::MetricFamily family(char const* name, char const* help,
                                std::vector<proxy_traffic> const& traffic, counted bytes)
{
    prometheus::MetricFamily made;
    made.name = name;
    made.help = help;
    made.type = prometheus::MetricType::Counter;
    for (auto const& proxy : traffic) {
        for (auto const direction : {stream::upstream, stream::downstream}) {
            prometheus::ClientMetric metric;
            // In alphabetical order: scripts look for the whole line.
            metric.label = {{"direction", std::string(to_text(direction))},
                            {"listener", proxy.listen},
                            {"proxy", proxy.name},
                            {"upstream", proxy.upstream}};
            auto const& streams = proxy.streams[static_cast<std::size_t>(direction)];
            metric.counter.value = static_cast<double>(streams.*bytes);
            made.metric.push_back(std::move(metric));
        }
    }
    return made;
}

}  // namespace

std::string traffic_text(std::vector<proxy_traffic> const& traffic)
{
    if (traffic.empty())
        return {};
    return prometheus::TextSerializer().Serialize(
        {family("toxiproxy_proxy_received_bytes_total", "Bytes read by the proxy.", traffic,
                &stream_traffic::received_bytes),
         family("toxiproxy_proxy_sent_bytes_total", "Bytes written by the proxy.", traffic,
                &stream_traffic::sent_bytes)});
}

}  // namespace aconite::api
