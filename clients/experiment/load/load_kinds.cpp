#include "clients/experiment/load/kinds.hpp"

#include <array>

namespace aconite::experiment {

std::span<load_kind const> load_kinds()
{
    static std::array const all{command_load_kind(),  http_load_kind(),  tcp_load_kind(),
                                postgres_load_kind(), redis_load_kind(), kafka_load_kind()};
    return all;
}

}  // namespace aconite::experiment
