#pragma once

#include "tests/support/conversation_line.hpp"
#include "toxics/mongodb/protocol.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

/// What clients and servers of MongoDB say.
namespace aconite::test::mg {

/// The lowest `count` bytes of a number, the lowest first.
inline std::string bytes_of(std::uint64_t value, std::size_t count = 4)
{
    std::string made;
    for (std::size_t i = 0; i < count; ++i, value >>= 8)
        made += static_cast<char>(value & 0xFF);
    return made;
}

inline std::string name_of(char type, std::string_view name)
{
    return type + std::string(name) + '\0';
}
inline std::string text(std::string_view name, std::string_view value)
{
    return name_of('\x02', name) + bytes_of(value.size() + 1) + std::string(value) + '\0';
}
inline std::string number(std::string_view name, std::uint32_t value)
{
    return name_of('\x10', name) + bytes_of(value);
}
inline std::string long_number(std::string_view name, std::uint64_t value)
{
    return name_of('\x12', name) + bytes_of(value, 8);
}
inline std::string real(std::string_view name, double value)
{
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    return name_of('\x01', name) + bytes_of(bits, 8);
}
inline std::string boolean(std::string_view name, bool value)
{
    return name_of('\x08', name) + (value ? '\x01' : '\x00');
}
/// A document with these fields.
inline std::string document(std::string_view fields)
{
    return bytes_of(fields.size() + 5) + std::string(fields) + '\0';
}
inline std::string part(std::string_view name, std::string_view fields, char type = '\x03')
{
    return name_of(type, name) + document(fields);
}
template <class... Texts>
std::string list(std::string_view name, Texts const&... texts)
{
    std::string fields;
    int n = 0;
    ((fields += text(std::to_string(n++), texts)), ...);
    return part(name, fields, '\x04');
}

inline std::string head(std::size_t size, std::int32_t id, std::int32_t answers, int kind)
{
    return bytes_of(size) + bytes_of(static_cast<std::uint32_t>(id)) +
           bytes_of(static_cast<std::uint32_t>(answers)) +
           bytes_of(static_cast<std::uint32_t>(kind));
}
/// A message of today's kind, of these sections.
inline std::string sections(std::string_view bytes, std::int32_t id, std::int32_t answers = 0,
                            std::uint32_t flags = 0)
{
    return head(20 + bytes.size(), id, answers, 2013) + bytes_of(flags) + std::string(bytes);
}
inline std::string body(std::string_view fields)
{
    return '\0' + document(fields);
}
/// Documents beside a body.
inline std::string sequence(std::string_view name, std::string_view documents)
{
    return '\x01' + bytes_of(5 + name.size() + documents.size()) + std::string(name) + '\0' +
           std::string(documents);
}
inline std::string message(std::string_view fields, std::int32_t id, std::int32_t answers = 0,
                           std::uint32_t flags = 0)
{
    return sections(body(fields), id, answers, flags);
}
inline std::string answer(std::string_view fields, std::int32_t to, std::uint32_t flags = 0,
                          std::int32_t id = 900)
{
    return message(fields, id, to, flags);
}
/// How old clients ask, and are answered.
inline std::string query(std::string_view of, std::string_view fields, std::int32_t id)
{
    auto const rest =
        bytes_of(0) + std::string(of) + '\0' + bytes_of(0) + bytes_of(1) + document(fields);
    return head(16 + rest.size(), id, 0, 2004) + rest;
}
inline std::string reply(std::string_view fields, std::int32_t to)
{
    auto const rest = bytes_of(8) + bytes_of(0, 8) + bytes_of(0) + bytes_of(1) + document(fields);
    return head(16 + rest.size(), 901, to, 1) + rest;
}

inline std::string hello(std::int32_t id, std::string_view more = {})
{
    return message(number("hello", 1) + text("$db", "admin") + std::string(more), id);
}
inline std::string insert(std::int32_t id, std::string_view more = {}, std::uint32_t flags = 0)
{
    return message(text("insert", "orders") + text("$db", "shop") + std::string(more), id, 0,
                   flags);
}
inline std::string find(std::int32_t id)
{
    return message(text("find", "orders") + text("$db", "shop"), id);
}
inline std::string ok(std::int32_t to)
{
    return answer(real("ok", 1), to);
}
/// What a server says instead of ok.
inline std::string failure(std::string_view text_of, std::uint32_t code, std::string_view name,
                           std::string_view labels = {})
{
    return std::string(labels) + real("ok", 0) + text("errmsg", text_of) + number("code", code) +
           text("codeName", name);
}
inline std::string not_primary(std::string_view labels = {})
{
    return failure("not primary", 10107, "NotWritablePrimary", labels);
}

/// A connection.
class session : public conversation_line {
public:
    session() : conversation_line(mongodb::protocol) {}
    explicit session(std::shared_ptr<protocol_common> const& common)
        : conversation_line(mongodb::protocol, common)
    {}
};

}  // namespace aconite::test::mg
