#pragma once

#include "toxics/redis/schema/tables.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::redis {

/// The row of a command, or of its subcommand where it has them; null: nobody knows it. `words` are
/// those of the command, the first of which is its name.
command_row const* find_command(std::span<std::string const> words);

/// Puts the keys that a command is about into a list, as its row finds them: among the words that
/// are kept, of `count` that it has.
void find_keys(command_row const& row, std::span<std::string const> words, std::size_t count,
               std::vector<std::string_view>& into);

}  // namespace aconite::redis
