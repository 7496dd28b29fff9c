#pragma once

#include <span>
#include <string>
#include <string_view>

namespace aconite::experiment {

/// `, did you mean 'duration'?` if one of the names is close to the word; else, if there are few,
/// `; there are: a, b`; else empty.
std::string suggestion(std::string_view word, std::span<std::string_view const> names);

/// The first of these alone: for a text that has told all names already.
std::string closest(std::string_view word, std::span<std::string_view const> names);

}  // namespace aconite::experiment
