#pragma once

#include "clients/experiment/values/place.hpp"

#include <optional>
#include <string_view>

/// What a YAML parser overlooks, and what it says, in words that help.
namespace aconite::experiment {

/// A fault for the first byte that is not UTF-8 and for a control character.
[[nodiscard]] std::optional<file_fault> check_text(std::string_view text);

/// Whether the quote that `text` begins with is closed again; true if it begins with none.
[[nodiscard]] bool is_quote_closed(std::string_view text);

/// What the parser said, with what is mostly the reason.
[[nodiscard]] file_fault in_plain_words(file_fault said, std::string_view text);

}  // namespace aconite::experiment
