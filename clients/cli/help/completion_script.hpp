#pragma once

#include <string>

namespace aconite::cli {

/// What bash, zsh or fish reads to complete the commands aconite and toxiproxy-cli. It asks the
/// program itself for candidates (`print_candidates`), so it is the same for every version.
std::string completion_script(std::string const& shell);

}  // namespace aconite::cli
