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

/// A connection; what one side says is expected to come out at the other as it is.
class session : public conversation_line {
public:
    session() : conversation_line(redis::protocol) {}
    explicit session(std::shared_ptr<protocol_common> const& common)
        : conversation_line(redis::protocol, common)
    {}
    using conversation_line::add;
    std::uint64_t add(attribute_list const& attributes, attribute_list const& match = {})
    {
        return conversation_line::add("redis", attributes, match);
    }

    /// What the server gets for it.
    std::string sends(std::string_view bytes)
    {
        client(bytes);
        return to_server();
    }
    /// What the client gets for it.
    std::string answers(std::string_view bytes)
    {
        server(bytes);
        return to_client();
    }
    /// Both pass.
    bool passes(std::string_view command, std::string_view answer)
    {
        return sends(command) == command && answers(answer) == answer;
    }
    std::string hit(std::size_t n, std::string_view field) const
    {
        for (auto const& [name, value] : hits.at(n))
            if (name == field)
                return value;
        return "no such field";
    }
};

}  // namespace aconite::test::rd
