#pragma once

#include "tests/unit/toxics/redis/messages.hpp"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace aconite::test::rd {

/// As a server of RESP3 tells a longer text.
inline std::string verbatim(std::string_view text)
{
    return "=" + std::to_string(text.size() + 4) + "\r\ntxt:" + std::string(text) + "\r\n";
}

/// A connection to a server at 10.0.0.9, through a proxy that reaches some others.
class inside : public session {
public:
    inside()
    {
        own_place = server_place{"10.0.0.9", 6379};
        std::pair<char const*, std::uint16_t> const reached[] = {
            {"10.0.0.1", 6379},  {"10.0.0.2", 6380}, {"fd00::1", 6379},
            {"node.test", 6379}, {"10.0.0.9", 6380}, {"10.0.0.9", 6379}};
        std::uint16_t port = 19001;
        for (auto const& [host, there] : reached)
            servers.push_back({{host, there}, {"proxy.test", port++}});
    }

    /// What the client gets for bytes of the server that come in pieces of that size.
    std::string answers_in(std::string_view bytes, std::size_t piece)
    {
        for (std::size_t i = 0; i < bytes.size(); i += piece)
            server(bytes.substr(i, piece));
        return to_client();
    }
    /// What the client gets for an answer to that command.
    std::string answer_to(std::initializer_list<std::string_view> words, std::string_view answer,
                          std::size_t piece = std::string_view::npos)
    {
        sends(command(words));
        return answers_in(answer, std::min(piece, answer.size()));
    }
};

}  // namespace aconite::test::rd
