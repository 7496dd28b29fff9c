// Sessions that no client and no server would have.
#include "tests/support/hostile_postgres.hpp"
#include "tests/unit/toxics/postgres/messages.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace aconite::test;
using namespace aconite::test::pg;

/// What both sides may say, in some order.
std::vector<std::string> const& words()
{
    static std::vector<std::string> const all = {ssl_request,
                                                 startup(),
                                                 auth_ok,
                                                 ready(),
                                                 ready('T'),
                                                 ready('E'),
                                                 query("commit"),
                                                 query("select a"),
                                                 extended("insert a"),
                                                 extended("commit"),
                                                 sync_all,
                                                 flush,
                                                 parsed,
                                                 bound,
                                                 closed,
                                                 row("a"),
                                                 complete("COMMIT"),
                                                 failed("40001"),
                                                 frame('G', std::string(3, '\0')),
                                                 frame('d', "a"),
                                                 frame('c', ""),
                                                 frame('H', std::string(3, '\0')),
                                                 frame('f', z("a")),
                                                 "N",
                                                 query("copy a from stdin"),
                                                 execute(),
                                                 terminate,
                                                 frame('I', ""),
                                                 frame('s', ""),
                                                 frame('A', z("a")),
                                                 frame('N', z("a"))};
    return all;
}

/// A script for a hostile_session: words whole or in pieces, sometimes with a byte changed.
std::vector<std::uint8_t> script_of(std::mt19937& random)
{
    auto const upto = [&](std::size_t n) {
        return std::uniform_int_distribution<std::size_t>(0, n)(random);
    };
    std::vector<std::uint8_t> script{static_cast<std::uint8_t>(upto(3) == 0 ? 0 : upto(255))};
    for (std::size_t i = 0; i < 60; ++i) {
        auto word = words()[i == 0 ? 1 : upto(words().size() - 1)];
        if (upto(9) == 0)
            word[upto(word.size() - 1)] = static_cast<char>(upto(255));
        auto const side = upto(1);
        for (std::string_view rest = word; !rest.empty();) {
            auto const part = rest.substr(0, upto(1) == 0 ? 63 : upto(20) + 1);
            script.push_back(static_cast<std::uint8_t>((part.size() - 1) << 2 | side));
            script.insert(script.end(), part.begin(), part.end());
            rest.remove_prefix(part.size());
        }
        if (upto(5) == 0)
            script.push_back(static_cast<std::uint8_t>(upto(255)));
    }
    return script;
}

TEST(postgres_hostile, sessions_harm_nobody)
{
    std::mt19937 random(42);
    for (int i = 0; i < 3000; ++i) {
        auto const script = script_of(random);
        ASSERT_NO_THROW(play_hostile_postgres(script)) << "session " << i;
    }
}

TEST(postgres_hostile, bytes_harm_nobody)
{
    std::mt19937 random(43);
    std::uniform_int_distribution<int> any(0, 255);
    for (int i = 0; i < 3000; ++i) {
        std::vector<std::uint8_t> script(400);
        for (auto& each : script)
            each = static_cast<std::uint8_t>(any(random));
        ASSERT_NO_THROW(play_hostile_postgres(script)) << "session " << i;
    }
}

}  // namespace
