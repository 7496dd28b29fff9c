#pragma once

#include "docs/generate/scenario.hpp"

#include <string>

namespace aconite::docs {

/// What was sent in `s` and what arrived of it, as SVG.
std::string picture_of(scenario const& s, recording const& seen);

/// The two ways to draw it.
std::string lines_of(scenario const& s, recording const& seen);
std::string curve_of(scenario const& s, recording const& seen);

}  // namespace aconite::docs
