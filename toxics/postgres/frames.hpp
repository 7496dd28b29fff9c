#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Messages as they stand on the wire: a type, the length of itself and the body in four bytes, the
/// body. https://www.postgresql.org/docs/current/protocol-message-formats.html
namespace aconite::postgres {

/// A type and a length.
constexpr std::size_t head_bytes = 5;

inline std::uint32_t number_at(std::string_view bytes, std::size_t at)
{
    std::uint32_t made = 0;
    for (std::size_t i = 0; i < 4; ++i)
        made = made << 8 | static_cast<unsigned char>(bytes[at + i]);
    return made;
}

inline std::string number_text(std::uint32_t value)
{
    std::string made;
    for (int shift = 24; shift >= 0; shift -= 8)
        made.push_back(static_cast<char>(value >> shift & 0xFF));
    return made;
}

/// A message as far as it is there.
struct message {
    char type = 0;
    std::string_view body;   ///< what of it is there
    std::uint64_t size = 0;  ///< of all of the body

    /// The one that `bytes` begin with, which hold its head; none if its length cannot be one.
    static std::optional<message> at(std::string_view bytes)
    {
        std::uint64_t const length = number_at(bytes, 1);
        if (length < 4)
            return std::nullopt;
        return message{bytes[0], bytes.substr(head_bytes, length - 4), length - 4};
    }

    [[nodiscard]] std::uint64_t bytes() const { return head_bytes + size; }
    /// Whether that much of the body is there, or all of it.
    [[nodiscard]] bool has(std::uint64_t wanted) const
    {
        return body.size() >= std::min(wanted, size);
    }
};

/// A whole message.
inline std::string frame(char type, std::string_view body)
{
    return std::string(1, type)
        .append(number_text(static_cast<std::uint32_t>(body.size() + 4)))
        .append(body);
}

/// Takes a text that ends with a zero off the front of `body`. Without a zero: all that is there,
/// and `whole` is set to false.
inline std::string_view take_text(std::string_view& body, bool& whole)
{
    auto const end = body.find('\0');
    whole = whole && end != std::string_view::npos;
    auto const text = body.substr(0, end);
    body.remove_prefix(end == std::string_view::npos ? body.size() : end + 1);
    return text;
}

/// A simple Query.
inline std::string query_frame(std::string_view sql)
{
    return frame('Q', std::string(sql).append(1, '\0'));
}

/// A statement and a portal of a name that no driver uses, closed first, since the last one may be
/// there yet: Close, Parse, Bind, Execute.
std::string execute_frames(std::string_view sql);

/// What an ErrorResponse or a NoticeResponse tells.
struct error_text {
    std::string severity;
    std::string sqlstate;
    std::string message;
    std::string detail;  ///< empty: none
    std::string hint;    ///< empty: none

    /// ErrorResponse or, for less than an error, NoticeResponse.
    [[nodiscard]] std::string frame() const;
    /// An anonymous block that raises it.
    [[nodiscard]] std::string raising_sql() const;
};

/// A field of the body of an ErrorResponse by its code: C the SQLSTATE, V the severity. Empty if
/// there is none.
std::string_view error_field(std::string_view body, char code);

}  // namespace aconite::postgres
