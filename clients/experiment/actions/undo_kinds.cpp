// The only place that lists what undoes actions. Add yours here.
#include "clients/experiment/actions/rows.hpp"

#include <array>

namespace aconite::experiment {

std::span<undo_kind const> undo_kinds()
{
    static std::array const all{undo_toxic,           undo_proxy_enabled,    undo_proxy_made,
                                undo_container,       undo_container_update, undo_container_stress,
                                undo_container_netem, undo_process_start,    undo_process_signal,
                                undo_process_started, undo_command,          undo_left_load};
    return all;
}

}  // namespace aconite::experiment
