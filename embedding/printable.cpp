// Text from elsewhere on one line, without what could steer a terminal.
#include <aconite/text.hpp>

#include <cstdint>
#include <cstdio>

namespace aconite {
namespace {

/// How many bytes the character at the front of `text` has, by UTF-8; 0: it is none.
std::size_t length_of(std::string_view text)
{
    auto const first = static_cast<unsigned char>(text[0]);
    std::size_t const length = first < 0x80                    ? 1
                               : first >= 0xC2 && first < 0xE0 ? 2
                               : first >= 0xE0 && first < 0xF0 ? 3
                               : first >= 0xF0 && first < 0xF5 ? 4
                                                               : 0;
    if (text.size() < length)
        return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((text[i] & 0xC0) != 0x80)
            return 0;
    return length;
}

std::uint32_t number_of(std::string_view character)
{
    if (character.size() == 1)
        return static_cast<unsigned char>(character[0]);
    auto number = static_cast<std::uint32_t>(static_cast<unsigned char>(character[0])) &
                  (0xFFU >> (character.size() + 1));
    for (char const c : character.substr(1))
        number = number << 6 | (static_cast<unsigned char>(c) & 0x3FU);
    return number;
}

/// Ends a line, steers a terminal, or turns the direction of what is read.
bool steers(std::uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0x200E || c == 0x200F || c == 0x061C || c == 0xFEFF;
}

void append_escaped(std::string& to, std::uint32_t number, char const* form)
{
    char text[16];
    std::snprintf(text, sizeof text, form, static_cast<unsigned>(number));
    to += text;
}

}  // namespace

std::string printable(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        auto const length = length_of(text);
        auto const character = text.substr(0, length == 0 ? 1 : length);
        auto const number = number_of(character);
        text.remove_prefix(character.size());
        if (length == 0)
            append_escaped(out, static_cast<unsigned char>(character[0]), "\\x%02x");
        else if (number == '\n')
            out += "\\n";
        else if (number == '\r')
            out += "\\r";
        else if (number == '\t')
            out += "\\t";
        else if (steers(number))
            append_escaped(out, number, number < 0x80 ? "\\x%02x" : "\\u%04x");
        else
            out += character;
    }
    return out;
}

}  // namespace aconite
