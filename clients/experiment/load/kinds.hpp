#pragma once

#include "clients/experiment/load/load.hpp"

/// The rows of load_kinds(), each with its own file.
namespace aconite::experiment {

load_kind const& command_load_kind();
load_kind const& http_load_kind();
load_kind const& tcp_load_kind();
load_kind const& postgres_load_kind();
load_kind const& redis_load_kind();
load_kind const& kafka_load_kind();

}  // namespace aconite::experiment
