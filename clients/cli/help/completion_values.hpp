#pragma once

#include "clients/cli/help/completion.hpp"

#include <CLI/App.hpp>

#include <map>
#include <string>

namespace aconite::cli {

/// What stands on a command line before the word to complete.
struct typed_values {
    std::map<std::string, std::string> options;  ///< by their long name, the last value
    std::string first;                           ///< the first argument without a dash
};

/// What an option, or an argument in its place, may be; `current` is what there is of it.
candidates values_of(CLI::Option const& option, typed_values const& typed,
                     std::string const& current);

}  // namespace aconite::cli
