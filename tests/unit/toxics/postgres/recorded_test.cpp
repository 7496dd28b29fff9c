// Sessions that drivers had with a real server: tests/fuzz/record_corpus.py.
#include "tests/support/conversation_line.hpp"
#include "toxics/postgres/protocol.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace {

using namespace aconite::test;

/// Plays a file of the corpus, at most `step` bytes at once; what came of each side.
std::array<std::string, 2> play(std::string_view script, std::size_t step, conversation_line& line)
{
    std::array<std::string, 2> came;
    for (script.remove_prefix(1); !script.empty();) {
        auto const head = static_cast<unsigned char>(script.front());
        auto const said = script.substr(1, (head >> 2) + 1U);
        script.remove_prefix(1 + said.size());
        came[head & 1U].append(said);
        for (std::size_t at = 0; at < said.size(); at += step)
            (head & 1U) == 0 ? line.client(said.substr(at, step))
                             : line.server(said.substr(at, step));
    }
    return came;
}

void check(std::filesystem::path const& file, std::size_t step)
{
    auto const name = file.filename().string();
    SCOPED_TRACE(name + ", " + std::to_string(step) + " bytes at once");
    std::ifstream in(file, std::ios::binary);
    std::string const script{std::istreambuf_iterator<char>(in), {}};
    conversation_line line(aconite::postgres::protocol);
    line.add("postgres", {{"preset", "deadlock"}}, {{"query", "never said"}});
    auto const came = play(script, step, line);
    EXPECT_EQ(line.gave_up, name == "18-psql-prefers-tls-0" ? "encrypted: TLS" : "");
    EXPECT_TRUE(line.hits.empty());
    EXPECT_EQ(line.out, came);
}

TEST(postgres_recorded, sessions_are_followed_and_pass)
{
    int sessions = 0;
    for (auto const& file : std::filesystem::directory_iterator(ACONITE_POSTGRES_CORPUS)) {
        check(file.path(), 64);
        check(file.path(), 1);
        ++sessions;
    }
    EXPECT_GT(sessions, 20);
}

}  // namespace
