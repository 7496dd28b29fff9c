#include "clients/experiment/report/escape.hpp"

#include <aconite/text.hpp>

#include <algorithm>
#include <cctype>
#include <cstdint>

namespace aconite::experiment {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// Bytes of the character at the front that XML may hold; 0: there is none.
std::size_t character_bytes(std::string_view text)
{
    auto const first = static_cast<unsigned char>(text[0]);
    if (first < 0x80)
        return first >= 0x20 || first == '\t' || first == '\n' || first == '\r' ? 1 : 0;
    std::size_t const bytes = first < 0xC2   ? 0
                              : first < 0xE0 ? 2
                              : first < 0xF0 ? 3
                              : first < 0xF5 ? 4
                                             : 0;
    if (bytes == 0 || text.size() < bytes)
        return 0;
    auto number = static_cast<std::uint32_t>(first) & (0xFFU >> (bytes + 1));
    for (std::size_t i = 1; i < bytes; ++i) {
        auto const next = static_cast<unsigned char>(text[i]);
        if ((next & 0xC0) != 0x80)
            return 0;
        number = number << 6 | (next & 0x3FU);
    }
    constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    bool const held = number >= least[bytes] && number <= 0x10FFFF &&
                      !(number >= 0xD800 && number <= 0xDFFF) && (number & 0xFFFE) != 0xFFFE;
    return held ? bytes : 0;
}

bool is_word(std::string_view text, std::size_t at)
{
    return at < text.size() &&
           (std::isalnum(static_cast<unsigned char>(text[at])) != 0 || (text[at] & 0x80) != 0);
}

std::size_t longest_row_of(char c, std::string_view text)
{
    std::size_t longest = 0;
    std::size_t row = 0;
    for (char const each : text) {
        row = each == c ? row + 1 : 0;
        longest = std::max(longest, row);
    }
    return longest;
}

/// Calls `each` with every line of `text`, without its end.
template <class F>
void for_lines(std::string_view text, F const& each)
{
    while (!text.empty()) {
        auto const end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        each(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

}  // namespace

std::string well_formed(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        auto const bytes = character_bytes(text);
        out.append(bytes == 0 ? replacement : text.substr(0, bytes));
        text.remove_prefix(std::max<std::size_t>(bytes, 1));
    }
    return out;
}

std::string one_line(std::string_view text)
{
    return well_formed(printable(text));
}

std::string several_lines(std::string_view text)
{
    std::string out;
    for_lines(text, [&](std::string_view line) { out.append(one_line(line)).append("\n"); });
    return out;
}

std::string markup_text(std::string_view text)
{
    std::string out;
    for (char const c : well_formed(text)) {
        switch (c) {
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '&':
            out += "&amp;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        default:
            out += c;
        }
    }
    return out;
}

std::string markdown_text(std::string_view text)
{
    auto const line = one_line(text);
    std::string out;
    for (std::size_t i = 0; i < line.size(); ++i) {
        char const c = line[i];
        // A `_` within a word has no meaning, and names are full of them.
        bool const within_word = c == '_' && i > 0 && is_word(line, i - 1) && is_word(line, i + 1);
        bool const at_start = i == 0 && (c == '#' || c == '=');
        if (c == '<' || c == '>' || c == '&')
            out += c == '<' ? "&lt;" : c == '>' ? "&gt;" : "&amp;";
        else if ((std::string_view("\\`*_[]|~$").find(c) != std::string_view::npos &&
                  !within_word) ||
                 at_start)
            (out += '\\') += c;
        else
            out += c;
    }
    return out;
}

std::string markdown_paragraphs(std::string_view text)
{
    std::string out;
    for_lines(text, [&](std::string_view line) {
        auto const start = std::min(line.find_first_not_of(" \t"), line.size());
        line.remove_prefix(start);
        if (!out.empty())
            out += '\n';
        // Dashes under a line would make a title of it.
        if (!line.empty() && line.find_first_not_of("- ") == std::string_view::npos)
            out += '\\';
        out += markdown_text(line);
    });
    return out;
}

std::string markdown_code(std::string_view text)
{
    auto const line = one_line(text);
    if (line.find_first_not_of(' ') == std::string::npos)
        return "";
    // A `|` has to be escaped in a table even within code, where a backslash itself cannot be: the
    // two beside each other can only be written as text.
    if (line.find("\\|") != std::string::npos)
        return markdown_text(line);
    auto const fence = std::string(longest_row_of('`', line) + 1, '`');
    auto const* const gap = line.starts_with('`') || line.ends_with('`') ? " " : "";
    std::string inside;
    for (char const c : line) {
        if (c == '|')
            inside += '\\';
        inside += c;
    }
    return fence + gap + inside + gap + fence;
}

std::string markdown_block(std::string_view text)
{
    auto const lines = several_lines(text);
    auto const fence = std::string(std::max<std::size_t>(longest_row_of('`', lines) + 1, 3), '`');
    return fence + "text\n" + lines + fence + "\n";
}

}  // namespace aconite::experiment
