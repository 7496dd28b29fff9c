// Sessions that drivers had with a real server: tests/fuzz/record_corpus.py.
#include "tests/support/recorded_session.hpp"
#include "toxics/postgres/protocol.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <string>

namespace {

using namespace aconite::test;

void check(std::filesystem::path const& file, std::size_t step)
{
    auto const name = file.filename().string();
    SCOPED_TRACE(name + ", " + std::to_string(step) + " bytes at once");
    recorded_session const session(file);
    conversation_line line(aconite::postgres::protocol);
    line.add({{"preset", "deadlock"}}, {{"query", "never said"}});
    session.play(step, line);
    EXPECT_EQ(line.gave_up, name == "18-psql-prefers-tls-0" ? "encrypted: TLS" : "");
    EXPECT_TRUE(line.hits.empty());
    EXPECT_EQ(line.out, session.said);
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
