#pragma once

#include <cstdint>
#include <span>
#include <string_view>

/// What a server says of its commands. The rows are made by generate.py. Everything here is
/// constant and lives as long as the program. https://redis.io/docs/latest/commands/command/
namespace aconite::redis {

/// Where keys stand among the words of a command, of which its name is the first, number 0.
struct key_spec {
    std::string_view keyword;    ///< the search begins behind this word; empty: at `begin`
    std::int16_t begin;          ///< the word looked at first; below 0: from the end, backwards
    bool counted;                ///< a word says how many keys there are
    std::int16_t last_or_count;  ///< the last of them, from the first, or below 0 from the end; or
                                 ///< where their number stands, from the first
    std::int16_t first;          ///< the first, from where the search ended
    std::int16_t step;           ///< from one key to the next
    std::int16_t limit;          ///< keys are in the first n-th of what follows; 0 and 1: all of it
};

/// A command, or a subcommand: "xgroup|create".
struct command_row {
    std::string_view name;  ///< in small letters
    std::uint16_t first;    ///< of its rows of key specifications
    std::uint16_t count;    ///< and how many there are
    bool reads_only;        ///< it changes nothing
    bool has_subcommands;
};

namespace tables {
std::span<key_spec const> key_specs();
std::span<command_row const> commands();  ///< ordered by name
}  // namespace tables

}  // namespace aconite::redis
