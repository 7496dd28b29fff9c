#include "clients/experiment/file/yaml_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

namespace aconite::experiment {
namespace {

constexpr std::size_t escape_bytes = 6;  ///< a backslash, u and four digits

struct parser_word {
    std::string_view said;
    std::string_view means;
};
constexpr parser_word parser_words[] = {
    {"illegal map value", "a ': ' where no key can be: a text that has one needs quotes"},
    {"illegal flow end", "a bracket that is not the one that is open"},
    {"illegal block entry", "a list item where none can be: look at the blanks in front of it"},
    {"illegal map key", "a key where none can be: look at the blanks in front of it"},
    {"end of map not found", "this belongs to nothing: look at the blanks in front of it"},
    {"end of sequence not found", "this belongs to nothing: look at the blanks in front of it"},
    {"end of map flow not found", "a bracket is not closed, or a comma is missing before this"},
    {"end of sequence flow not found",
     "a bracket is not closed, or a comma is missing before this"},
    {"the referenced anchor is not defined", "an alias of an anchor that is not there; a text that "
                                             "begins with * needs quotes"},
    {"illegal EOF in scalar", "a quote is not closed"},
};

std::string_view line_of_text(std::string_view text, int line)
{
    for (int i = 1; i < line; ++i) {
        auto const end = text.find('\n');
        if (end == text.npos)
            return {};
        text.remove_prefix(end + 1);
    }
    return text.substr(0, text.find('\n'));
}

/// What stands there and behind it.
std::string_view text_from(std::string_view text, place at)
{
    auto const line = line_of_text(text, at.line);
    auto const begin = static_cast<std::size_t>(line.data() - text.data());
    auto const column = static_cast<std::size_t>(std::max(at.column, 1) - 1);
    return line.data() == nullptr ? line : text.substr(std::min(begin + column, text.size()));
}

/// How many bytes the character has that `text` begins with; 0 if that is not UTF-8.
std::size_t character_bytes(std::string_view text)
{
    auto const byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    auto const lead = byte(0);
    if (lead < 0x80)
        return 1;
    std::size_t const bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4)
        return 0;
    for (std::size_t i = 1; i < bytes; ++i)
        if ((byte(i) & 0xC0U) != 0x80)
            return 0;
    bool const too_long = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
    bool const no_character = (lead == 0xED && byte(1) > 0x9F) || (lead == 0xF4 && byte(1) > 0x8F);
    return too_long || no_character ? 0 : bytes;
}

/// The number that a short escape in front of a text says; none if there is no such.
std::optional<unsigned> escape_at(std::string_view text)
{
    unsigned number = 0;
    if (text.size() < escape_bytes || !text.starts_with("\\u"))
        return std::nullopt;
    auto const* const end = text.data() + escape_bytes;
    auto const read = std::from_chars(text.data() + 2, end, number, 16);
    return read.ec == std::errc() && read.ptr == end ? std::optional(number) : std::nullopt;
}

/// JSON has two escapes for a character beyond U+FFFF, of which YAML takes neither. The parser
/// stands behind the first.
file_fault about_surrogate(file_fault said, std::string_view text)
{
    auto const begin = place{said.at.line, said.at.column - static_cast<int>(escape_bytes)};
    auto const written = text_from(text, begin);
    auto const high = escape_at(written);
    if (!high)
        return {said.at, "there is no such character"};
    auto const low = escape_at(written.substr(escape_bytes));
    if (low && *high < 0xDC00 && *low >= 0xDC00 && *low <= 0xDFFF)
        return {begin, fmt::format("{} is one character for JSON alone, in YAML it is \\U{:08x}",
                                   written.substr(0, 2 * escape_bytes),
                                   0x10000 + ((*high - 0xD800) << 10U) + (*low - 0xDC00))};
    return {begin, fmt::format("{} is half a character", written.substr(0, escape_bytes))};
}

}  // namespace

std::optional<file_fault> check_text(std::string_view text)
{
    place at{1, 1};
    while (!text.empty()) {
        auto const c = static_cast<unsigned char>(text.front());
        auto const bytes = character_bytes(text);
        if (bytes == 0)
            return file_fault{at, fmt::format("a file must be UTF-8, the byte {:#04x} is not", c)};
        if ((c < ' ' && c != '\n' && c != '\t' && c != '\r') || c == 0x7F)
            return file_fault{at, fmt::format("a control character, {:#04x}; in double quotes it "
                                              "is written \\x{:02x}",
                                              c, c)};
        at.column += static_cast<int>(bytes);
        if (c == '\n')
            at = {at.line + 1, 1};
        text.remove_prefix(bytes);
    }
    return std::nullopt;
}

bool is_quote_closed(std::string_view text)
{
    if (text.empty() || (text.front() != '"' && text.front() != '\''))
        return true;
    auto const quote = text.front();
    for (std::size_t i = 1; i < text.size(); ++i) {
        bool const escapes = (quote == '"' && text[i] == '\\') ||
                             (quote == '\'' && text.substr(i).starts_with("''"));
        if (escapes)
            ++i;
        else if (text[i] == quote)
            return true;
    }
    return false;
}

file_fault in_plain_words(file_fault said, std::string_view text)
{
    auto const line = line_of_text(text, said.at.line);
    auto const blanks = line.substr(0, std::min(line.find_first_not_of(" \t"), line.size()));
    auto const at = text_from(text, said.at);
    auto const* const known = std::ranges::find(parser_words, said.text, &parser_word::said);
    if (said.text.starts_with("invalid unicode"))
        return about_surrogate(std::move(said), text);
    if (blanks.find('\t') != blanks.npos)
        said.text = "a tab in front of the text: YAML takes only blanks there";
    else if (said.text == "unknown token" && !at.empty())
        said.text = fmt::format("a text that begins with {} needs quotes", at.substr(0, 1));
    else if (known != std::end(parser_words))
        said.text = known->means;
    return said;
}

}  // namespace aconite::experiment
