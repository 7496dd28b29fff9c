#include "clients/experiment/probes/container.hpp"
#include "clients/experiment/probes/kinds.hpp"

namespace aconite::experiment {

std::span<probe_kind const> probe_kinds()
{
    static probe_kind const all[] = {
        sql_probe(),        kafka_probe(),   redis_probe(), http_probe(),         tcp_probe(),
        prometheus_probe(), command_probe(), proxy_probe(), container_probe_kind,
    };
    return all;
}

}  // namespace aconite::experiment
