#pragma once

#include <string>
#include <string_view>

/// Texts from elsewhere (names in a file, what servers said) as a part of a format, so that none of
/// them can end the place where it stands. Any thread.
namespace aconite::experiment {

/// Well-formed UTF-8 of characters that XML may hold: what is none of them is U+FFFD. Line ends and
/// tabs stay.
[[nodiscard]] std::string well_formed(std::string_view text);
/// On one line; line ends and control characters are shown as `\n`, `\x1b`.
[[nodiscard]] std::string one_line(std::string_view text);
/// Each line of it so, line ends stay.
[[nodiscard]] std::string several_lines(std::string_view text);

/// Content or a quoted attribute of XML or HTML; line ends stay.
[[nodiscard]] std::string markup_text(std::string_view text);

/// On one line, without a meaning for Markdown, also in a table.
[[nodiscard]] std::string markdown_text(std::string_view text);
/// The same for a text of several paragraphs or lines.
[[nodiscard]] std::string markdown_paragraphs(std::string_view text);
/// A code span, also in a table.
[[nodiscard]] std::string markdown_code(std::string_view text);
/// A code block that the text cannot end.
[[nodiscard]] std::string markdown_block(std::string_view text);

}  // namespace aconite::experiment
