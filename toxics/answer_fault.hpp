#pragma once

#include "toxics/outcome.hpp"

#include <aconite/operation.hpp>
#include <aconite/toxic.hpp>

namespace aconite::toxics {

/// What the faults of an operation and its answer have in common, whatever the protocol.
struct answer_fault : operation_fault {
    bool after = false;               ///< the server has executed it
    outcome then = outcome::goes_on;  ///< what becomes of the connection at the answer
    ending cut = ending::reset;       ///< how it ends where it is cut

    /// Whether the connection ends at the answer, or stands still; but for one that the fault
    /// cannot be done to.
    [[nodiscard]] bool ends() const { return then != outcome::goes_on; }
};

}  // namespace aconite::toxics
