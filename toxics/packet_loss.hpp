#pragma once

#include <aconite/toxic_type.hpp>

namespace aconite::toxics {

/// `packet_loss` as the reference has it: add it to an engine's registry in place of the built-in
/// one, which never leaves a hole.
extern toxic_type const discarding_packet_loss_type;

}  // namespace aconite::toxics
