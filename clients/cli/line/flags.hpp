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

/// A flag as typed: `-port`, `--port` or `-port=1`.
struct split_flag {
    std::string name;  ///< as CLI11 knows it: -x or --xyz
    std::string value;
    bool has_value = false;
};
split_flag split(std::string const& argument);

/// The verb right below `app` of that name or alias, or null.
CLI::App* find_verb(CLI::App& app, std::string const& name);
/// All verbs right below it.
std::vector<CLI::App*> verbs_of(CLI::App& app);

/// Rewrites arguments in Go's flag syntax, which the reference's users type, to the one that
/// CLI11 reads the same in every case: `-port 1`, `-port=1` and `--port=1` become `--port 1`,
/// whatever the value begins with; aliases of verbs become the verbs. Flags may stand before
/// or after the positional arguments. `help VERB` becomes `VERB --help`. A verb that
/// runs a command (a `prefix_command`) gets that as it stands, without the `--` before it. Throws
/// usage_error for a flag or verb that `app` does not have.
std::vector<std::string> from_go_syntax(CLI::App& app, std::vector<std::string> const& arguments);

}  // namespace aconite::cli
