#pragma once

#include <aconite/problem.hpp>

#include <filesystem>
#include <string>

namespace aconite::experiment {

/// Whether it is one that can be read once only, and may take long: a shell's pipe, as /dev/stdin.
[[nodiscard]] bool is_given_by_a_shell(std::filesystem::path const& file);

/// What stands in a file that somebody has named, of a long one the first 2 MB. A problem that
/// names it for a folder, a pipe or a device but of a shell, and for what cannot be read.
[[nodiscard]] result<std::string> text_of(std::filesystem::path const& file);

}  // namespace aconite::experiment
