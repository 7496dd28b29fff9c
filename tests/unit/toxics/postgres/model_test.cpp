// A client that does what drivers do, a server that does what PostgreSQL does, some toxics between
// them, and any order in which what they say comes in: client and server must agree in the end. A
// play that fails is played again with ACONITE_PLAYS=<its seed>, many more with
// ACONITE_PLAYS=1-20000.
#include "tests/unit/toxics/postgres/model_play.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <sstream>
#include <utility>
#include <vector>

namespace {

using namespace aconite::test::pg;

/// Seeds of the plays: the first and the last.
std::pair<unsigned, unsigned> model_seeds()
{
    std::pair<unsigned, unsigned> made{1, 150};
    if (auto const* const wanted = std::getenv("ACONITE_PLAYS")) {
        std::istringstream in(wanted);
        char dash = 0;
        in >> made.first;
        if (!(in >> dash >> made.second))
            made.second = made.first;
    }
    return made;
}

TEST(postgres_model, all_is_answered_while_the_connection_stays_open)
{
    std::vector<model_toxic> const toxics = {
        {{{"preset", "serialization_failure"}, {"rate", 0.3}}},
        {{{"preset", "serialization_failure"}, {"rate", 0.7}}, {{"command", "COMMIT"}}},
        {{{"preset", "phantom_commit"}, {"then", "error"}, {"rate", 0.7}}},
        {{{"fault", "delay"}, {"delay", 70}, {"rate", 0.4}}},
        {{{"preset", "deadlock"}, {"delay", 70}, {"rate", 0.3}}},
        {{{"fault", "slow_rows"}, {"rows_per_second", 10}, {"rate", 0.5}}},
        {{{"fault", "error"}, {"sqlstate", "53100"}, {"rate", 0.5}}, {{"phase", "copy"}}},
        {{{"fault", "delay"}, {"delay", 30}}, {{"phase", "copy"}}},
        {{{"fault", "error"}, {"sqlstate", "57014"}, {"apply", "after"}, {"rate", 0.3}},
         {{"command", "SELECT,INSERT,BEGIN"}},
         true},
    };
    for (auto [seed, last] = model_seeds(); seed <= last; ++seed) {
        model_play play(seed, toxics);
        play.run();
        EXPECT_FALSE(play.ended());
        play.expect_truth();
        play.expect_agreement();
        ASSERT_FALSE(HasFailure()) << "seed " << seed << "\n" << play.log();
    }
}

TEST(postgres_model, nothing_hangs_where_the_connection_ends)
{
    std::vector<model_toxic> const toxics = {
        {{{"fault", "lose_reply"}, {"rate", 0.3}}},
        {{{"fault", "lose_reply"}, {"rate", 0.5}}, {{"phase", "copy"}}},
        {{{"preset", "lose_commit_ack"}, {"rate", 0.7}}},
        {{{"preset", "phantom_commit"}, {"rate", 0.7}}},
        {{{"fault", "delay"}, {"delay", 70}, {"rate", 0.4}}},
        {{{"fault", "slow_rows"}, {"rows_per_second", 10}, {"rate", 0.3}}},
        {{{"preset", "serialization_failure"}, {"rate", 0.3}}},
        {{{"preset", "admin_shutdown"}, {"delay", 70}, {"rate", 0.3}}},
        {{{"preset", "crash"}, {"rate", 0.3}}, {{"command", "SELECT,INSERT,BEGIN"}}},
        {{{"fault", "truncate"}, {"rows", 1}, {"rate", 0.5}}},
        {{{"fault", "disconnect"}, {"rate", 0.5}}, {{"phase", "copy"}}},
        {{{"fault", "disconnect"}, {"apply", "after"}, {"rate", 0.2}}},
        {{{"fault", "disconnect"}, {"apply", "after"}, {"rate", 0.5}}, {{"phase", "copy"}}},
    };
    for (auto [seed, last] = model_seeds(); seed <= last; ++seed) {
        model_play play(seed, toxics);
        play.run();
        play.expect_truth();
        if (!play.ended())
            play.expect_agreement();
        ASSERT_FALSE(HasFailure()) << "seed " << seed << "\n" << play.log();
    }
}

}  // namespace
