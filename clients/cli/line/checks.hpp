#pragma once

#include "clients/cli/line/numbers.hpp"

#include <CLI/App.hpp>

/// What the values of options are held against, before anything is done.
namespace aconite::cli {

/// Refuses anything but a whole number within the range, and leaves just its digits.
CLI::Validator whole_number(number_range wanted = {});

/// Refuses the empty text that an unset variable leaves behind, where it would mean all there are.
CLI::Validator not_empty();

/// Refuses anything but a time of so many ms, with its unit or in ms.
CLI::Validator time_within(number_range wanted);

}  // namespace aconite::cli
