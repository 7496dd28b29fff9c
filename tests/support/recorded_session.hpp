#pragma once

#include "tests/support/conversation_line.hpp"

#include <array>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::test {

inline std::string content_of(std::filesystem::path const& file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// A session that a client had with a server, as a file of tests/fuzz/corpus has it: what
/// hostile_session plays, without anything but what the two said.
class recorded_session {
public:
    explicit recorded_session(std::filesystem::path const& file)
    {
        auto const script = content_of(file);
        for (std::string_view rest = std::string_view(script).substr(1); !rest.empty();) {
            auto const head = static_cast<unsigned char>(rest.front());
            auto const bytes = rest.substr(1, (head >> 2) + 1U);
            pieces_.push_back({head & 1U, std::string(bytes)});
            said[head & 1U].append(bytes);
            rest.remove_prefix(1 + bytes.size());
        }
    }

    /// Plays it, at most `step` bytes at once.
    void play(std::size_t step, conversation_line& line) const
    {
        for (auto const& [side, bytes] : pieces_)
            for (std::size_t at = 0; at < bytes.size(); at += step) {
                auto const some = std::string_view(bytes).substr(at, step);
                side == 0 ? line.client(some) : line.server(some);
            }
    }

    /// All that the client said, and the server.
    std::array<std::string, 2> said;

private:
    struct piece {
        unsigned side = 0;
        std::string bytes;
    };

    std::vector<piece> pieces_;
};

}  // namespace aconite::test
