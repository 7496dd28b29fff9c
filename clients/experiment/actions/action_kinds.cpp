// The only place that lists the actions. Add yours here.
#include "clients/experiment/actions/rows.hpp"

#include <array>

namespace aconite::experiment {

std::span<action_kind const> action_kinds()
{
    static std::array const all{toxic_row,   preset_row,  netem_row,  partition_row, down_row,
                                up_row,      kill_row,    stop_row,   start_row,     restart_row,
                                pause_row,   unpause_row, signal_row, update_row,    stress_row,
                                command_row, http_row,    sql_row};
    return all;
}

}  // namespace aconite::experiment
