#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::redis {

/// One value of RESP2 or RESP3 that is there as a whole, and what it consists of. Refers to its
/// bytes.
struct reply {
    char type = 0;               ///< what it begins with, as `*` or `$`
    bool is_null = false;        ///< of that type, and nothing
    std::string_view text{};     ///< of a text, without the kind of a verbatim one, or a line's
    std::size_t begin = 0;       ///< where its bytes begin, and end
    std::size_t end = 0;         ///< behind its last byte
    std::vector<reply> parts{};  ///< of an array, set, push or map: a map's keys and values in turn

    /// It stands in one piece, and another text can take its place.
    [[nodiscard]] bool is_text() const { return type == '$' || type == '=' || type == '+'; }
    /// Its text as a number; -1: it is none.
    [[nodiscard]] std::int64_t number() const;
    /// Of a map, or an array of names and values in turn: the value of that name; null: there is
    /// none.
    [[nodiscard]] reply const* find(std::string_view name) const;
};

/// All of `bytes` as one value, attributes before it passed over. None: they are not that, or
/// nested deeper than any server does, or more than 65536 values.
std::optional<reply> read_reply(std::string_view bytes);

/// Makes another value of one: texts and numbers in it are replaced, all else stays byte for byte.
class reply_edit {
public:
    /// `bytes` outlive it.
    explicit reply_edit(std::string_view bytes) : bytes_(bytes) {}

    /// In place of `what`, a text, a number or a null that is read from the same bytes, there is
    /// `text`, once for each.
    void set(reply const& what, std::string_view text);
    [[nodiscard]] std::string made();

private:
    struct change {
        std::size_t begin;
        std::size_t end;
        std::string by;
    };

    std::string_view bytes_;
    std::vector<change> changes_;
};

}  // namespace aconite::redis
