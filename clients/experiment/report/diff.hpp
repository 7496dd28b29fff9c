#pragma once

#include "clients/experiment/report/reading.hpp"

#include <string>

namespace aconite::experiment {

/// What differs between two reports: `{"schema","same","notes": [], "verdict": null or
/// {"before","after"}, "checks": [{"name","stage","before","after"}], "settings":
/// [{"where","before","after"}], "numbers": [{"name","before","after","change"}]}`. `same`:
/// verdict, states of checks and settings are; numbers never are quite. `notes` say where the two
/// cannot be compared as they are: another experiment, another seed. Numbers stand by the size of
/// their relative change, the greatest first; `change` is null for what was 0 or not there before.
/// Of any JSON. Any thread.
[[nodiscard]] json diff_of(json const& before, json const& after);
/// The same for a terminal.
[[nodiscard]] std::string diff_text(json const& diff);

}  // namespace aconite::experiment
