#pragma once

#include <CLI/App.hpp>

#include <stdexcept>
#include <string>
#include <vector>

namespace aconite::cli {

/// What was typed makes no sense; the text says what and is meant for people.
struct usage_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Rewrites arguments in Go's flag syntax, which the reference's users type, to the one that
/// CLI11 reads the same in every case: `-port 1`, `-port=1` and `--port=1` become `--port 1`,
/// whatever the value begins with; aliases of verbs become the verbs. Flags may stand before
/// or after the positional arguments. `help VERB` becomes `VERB --help`. A verb that
/// runs a command (a `prefix_command`) gets that as it stands, without the `--` before it. Throws
/// usage_error for a flag or verb that `app` does not have.
std::vector<std::string> from_go_syntax(CLI::App& app, std::vector<std::string> const& arguments);

}  // namespace aconite::cli
