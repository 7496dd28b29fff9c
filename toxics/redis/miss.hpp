#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace aconite::redis {

/// What a server says to a command where there is no such key.
enum class miss : std::uint8_t {
    none,          ///< it does not look anything up
    form,          ///< by the form of the answer: an empty list, 0, nil
    nil,           ///< an empty list, or nil in place of a text or a number
    no_list,       ///< nil in the form of a list
    popped,        ///< that in place of a list, or nil
    nil_each,      ///< nil for each that was asked for
    no_list_each,  ///< the same in the form of lists
    zero_each,
    text,  ///< an empty text, or what LCS says in place of one
    line,  ///< always the same
};

/// By the command's name in capital letters, with its subcommand; of a command that nobody knows
/// only the form of its answer is.
miss miss_of(std::string_view name, bool is_known);

/// Of `miss::line` what it is, for a command of these words.
std::string miss_line(std::string_view name, std::span<std::string const> words);

/// An answer that something was found, as far as it matters.
struct found_answer {
    char type = 0;              ///< what it begins with
    std::int64_t elements = 0;  ///< of a list
    bool resp3 = false;         ///< of a session that speaks it
};

/// What is told in its place. Not for `none` and `line`.
std::string nothing_found(miss what, found_answer const& answer);

}  // namespace aconite::redis
