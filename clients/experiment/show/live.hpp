#pragma once

#include "clients/experiment/run/progress.hpp"

#include <memory>

namespace aconite::experiment {

/// Shows a run while it goes on, from when it is made until it is destroyed: on a terminal a view
/// that is drawn anew four times a second, else a line for each event. On standard error, so that
/// standard output has results alone.
class live_view {
public:
    enum class how {
        best,   ///< the view if standard error is a terminal that can do it
        lines,  ///< lines in any case
    };

    live_view(progress& of, how wanted);
    ~live_view();
    live_view(live_view const&) = delete;
    live_view& operator=(live_view const&) = delete;

private:
    class impl;

    std::unique_ptr<impl> impl_;
};

}  // namespace aconite::experiment
