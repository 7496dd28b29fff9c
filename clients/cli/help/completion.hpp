#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aconite::cli {

/// A word that may stand where the cursor is.
struct candidate {
    std::string text;     ///< the whole word; one that ends in = or . goes on
    std::string meaning;  ///< one line for people, may be empty

    friend bool operator==(candidate const&, candidate const&) = default;
};

struct candidates {
    std::vector<candidate> all;
    bool files = false;  ///< a file's name belongs there, which the shell knows better
};

/// What may stand for the last of the words of a command line, whose first is the program's name:
/// verbs and options from the command line's own description, types, attributes and their values
/// from the toxics' rows, names of proxies and toxics from the server, if that answers at once.
candidates complete(std::vector<std::string> const& words);

/// How the shell's script calls the program for that.
inline constexpr std::string_view complete_verb = "__complete";

/// Prints the candidates, a line each: the word, a tab and its meaning. Status 3: a file's name.
int print_candidates(std::vector<std::string> const& words);

}  // namespace aconite::cli
