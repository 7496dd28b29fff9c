#pragma once

#include "clients/experiment/report/reading.hpp"

#include <string>
#include <utility>
#include <vector>

namespace aconite::experiment {

/// Every number of a report that runs may be compared by, with a name each: of checks (what their
/// names were, as `check X: db.orders`), loads, recovery, probes, hits of faults. Of any JSON.
[[nodiscard]] std::vector<std::pair<std::string, double>> numbers_of(json const& report);

/// What `repeats` of a report has of one run: its verdict, the state of each check, its numbers.
[[nodiscard]] json repeat_of(json const& report);

/// Whether runs of one experiment agree. `repeats` is a list of what `repeat_of` makes:
/// `{"runs", "agree", "verdicts": {"held": 9}, "checks": [{"name","passed","failed","unknown",
/// "agree"}], "numbers": [{"name","runs","min","median","max"}]}`. They agree if verdicts and
/// states of checks do. Of any JSON.
[[nodiscard]] json agreement_of(json const& repeats);
/// `10 runs agree: held 10 times.`
[[nodiscard]] std::string agreement_sentence(json const& agreement);
/// The same with the checks that differ and the spread of numbers, for a terminal.
[[nodiscard]] std::string agreement_text(json const& agreement);

}  // namespace aconite::experiment
