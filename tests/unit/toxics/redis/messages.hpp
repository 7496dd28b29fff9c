#pragma once

#include "tests/support/conversation_line.hpp"
#include "toxics/redis/protocol.hpp"

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// What clients and servers of Redis say.
namespace aconite::test::rd {

inline std::string bulk(std::string_view text)
{
    return "$" + std::to_string(text.size()) + "\r\n" + std::string(text) + "\r\n";
}

inline std::string list(std::initializer_list<std::string_view> texts, char type = '*')
{
    auto made = type + std::to_string(texts.size()) + "\r\n";
    for (auto const each : texts)
        made += bulk(each);
    return made;
}

inline std::string command(std::initializer_list<std::string_view> words)
{
    return list(words);
}

/// In place of a command that is to fail before it is executed, and what the server says to it.
inline std::string const refused = command({"ECHO"});
inline std::string const refusal = "-ERR wrong number of arguments for 'echo' command\r\n";
inline std::string const ok = "+OK\r\n";
inline std::string const queued = "+QUEUED\r\n";

/// A connection.
class session : public conversation_line {
public:
    session() : conversation_line(redis::protocol) {}
    explicit session(std::shared_ptr<protocol_common> const& common)
        : conversation_line(redis::protocol, common)
    {}
};

}  // namespace aconite::test::rd
