#pragma once

#include "docs/generate/scenario.hpp"

#include <string>

namespace aconite::docs {

/// What was sent in `s` and what arrived of it, as SVG. Throws as `play` does.
std::string picture_of(scenario const& s);

/// Who connects and who is served, as SVG.
std::string picture_of(attempt_scenario const& s);

/// The two ways to draw a stream.
std::string lines_of(scenario const& s, recording const& seen);
std::string curve_of(scenario const& s, recording const& seen);

}  // namespace aconite::docs
