#pragma once

#include "clients/experiment/probes/probe.hpp"

/// One row from each file.
namespace aconite::experiment {

probe_kind sql_probe();
probe_kind kafka_probe();
probe_kind redis_probe();
probe_kind http_probe();
probe_kind tcp_probe();
probe_kind prometheus_probe();
probe_kind command_probe();
probe_kind proxy_probe();

}  // namespace aconite::experiment
