// Sessions that no client and no server would have.
#include "tests/support/hostile_postgres.hpp"
#include "tests/support/hostile_script.hpp"
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

TEST(postgres_hostile, sessions_harm_nobody)
{
    std::mt19937 random(42);
    for (int i = 0; i < 3000; ++i)
        ASSERT_NO_THROW(play_hostile_postgres(hostile_script(random, {}, words(), startup())))
            << "session " << i;
}

TEST(postgres_hostile, bytes_harm_nobody)
{
    std::mt19937 random(43);
    for (int i = 0; i < 3000; ++i) {
        ASSERT_NO_THROW(play_hostile_postgres(hostile_bytes(random, {})));
    }
}

}  // namespace
