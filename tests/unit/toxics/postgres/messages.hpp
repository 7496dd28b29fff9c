#pragma once

#include "tests/support/conversation_line.hpp"
#include "toxics/postgres/frames.hpp"
#include "toxics/postgres/protocol.hpp"

#include <string>
#include <string_view>

/// What clients and servers of PostgreSQL say.
namespace aconite::test::pg {

using postgres::frame;
using postgres::number_text;

inline std::string z(std::string_view text)
{
    return std::string(text).append(1, '\0');
}

inline std::string startup(std::string_view more = {})
{
    auto const body = number_text(196'608) + z("user") + z("alice") + z("database") + z("shop") +
                      std::string(more) + std::string(1, '\0');
    return number_text(static_cast<std::uint32_t>(body.size() + 4)) + body;
}
inline std::string const ssl_request = number_text(8) + number_text(80'877'103);

inline std::string query(std::string_view sql)
{
    return frame('Q', z(sql));
}
inline std::string parse(std::string_view name, std::string_view sql)
{
    return frame('P', z(name) + z(sql) + std::string(2, '\0'));
}
inline std::string bind(std::string_view portal, std::string_view name)
{
    return frame('B', z(portal) + z(name) + std::string(6, '\0'));
}
inline std::string execute(std::string_view portal = "")
{
    return frame('E', z(portal) + number_text(0));
}
inline std::string const sync_all = frame('S', "");
inline std::string const flush = frame('H', "");
inline std::string const terminate = frame('X', "");
/// One statement in the extended protocol, without its Sync.
inline std::string extended(std::string_view sql)
{
    return parse("", sql) + bind("", "") + execute();
}

inline std::string const auth_ok = frame('R', number_text(0));
inline std::string ready(char state = 'I')
{
    return frame('Z', std::string(1, state));
}
inline std::string complete(std::string_view tag)
{
    return frame('C', z(tag));
}
inline std::string const parsed = frame('1', "");
inline std::string const bound = frame('2', "");
inline std::string const closed = frame('3', "");
inline std::string row(std::string_view value)
{
    return frame('D', std::string("\0\1", 2) +
                          number_text(static_cast<std::uint32_t>(value.size())) +
                          std::string(value));
}
inline std::string failed(std::string_view sqlstate, std::string_view text = "as the server says")
{
    return frame('E', z("SERROR") + z("VERROR") + z("C" + std::string(sqlstate)) +
                          z("M" + std::string(text)) + z("Lline") + std::string(1, '\0'));
}
/// The SQLSTATE of the first ErrorResponse in `bytes`; empty without one.
inline std::string sqlstate(std::string_view bytes)
{
    while (bytes.size() >= postgres::head_bytes) {
        auto const size = postgres::number_at(bytes, 1) + 1;
        if (bytes.front() == 'E')
            return std::string(postgres::error_field(bytes.substr(5, size - 5), 'C'));
        bytes.remove_prefix(std::min<std::size_t>(size, bytes.size()));
    }
    return {};
}
/// The types of the messages in `bytes`, as "TDCZ".
inline std::string types(std::string_view bytes)
{
    std::string all;
    while (bytes.size() >= postgres::head_bytes) {
        all += bytes.front();
        bytes.remove_prefix(std::min<std::size_t>(postgres::number_at(bytes, 1) + 1, bytes.size()));
    }
    return bytes.empty() ? all : all + "?";
}

/// A session that has logged in.
class session : public conversation_line {
public:
    session() : conversation_line(postgres::protocol)
    {
        client(startup());
        server(auth_ok + frame('S', z("application_name") + z("till")) + ready());
        to_server();
        to_client();
    }
    /// A query and its answer.
    void run(std::string_view sql, char state = 'I')
    {
        client(query(sql));
        server(complete("DONE") + ready(state));
        to_server();
        to_client();
    }
};

}  // namespace aconite::test::pg
