#include "toxics/loss_chain.hpp"

#include <gtest/gtest.h>

#include <random>

namespace aconite::toxics {
namespace {

struct counted {
    double rate = 0;
    double burst = 0;  ///< mean length of a run of losses
};

counted count(loss_chain chain, int segments = 1'000'000)
{
    std::mt19937_64 dice(1);
    std::uniform_real_distribution<double> draw;
    int lost = 0;
    int runs = 0;
    bool before = false;
    for (int i = 0; i < segments; ++i) {
        bool const now = chain.loses({draw(dice), draw(dice)});
        lost += now ? 1 : 0;
        runs += now && !before ? 1 : 0;
        before = now;
    }
    return {static_cast<double>(lost) / segments, static_cast<double>(lost) / runs};
}

TEST(loss_chain, loses_the_share_in_runs_of_the_length)
{
    for (double const rate : {0.01, 0.1, 0.5})
        for (double const burst : {1.0, 3.0, 20.0}) {
            SCOPED_TRACE(testing::Message() << rate << " in runs of " << burst);
            auto const seen = count(loss_chain(loss_chain::bursts(rate, burst)));
            EXPECT_NEAR(seen.rate / rate, 1, 0.1);
            EXPECT_NEAR(seen.burst / burst, 1, 0.1);
        }
}

TEST(loss_chain, independent_losses_come_in_the_runs_of_chance)
{
    auto const seen = count(loss_chain(loss_chain::independent(0.25)));
    EXPECT_NEAR(seen.rate, 0.25, 0.005);
    EXPECT_NEAR(seen.burst, 1 / 0.75, 0.02);
}

TEST(loss_chain, has_a_loss_of_its_own_in_each_state)
{
    auto const seen = count(loss_chain({0.01, 0.03, 0.8, 0.1}));
    EXPECT_NEAR(seen.rate, 0.25 * 0.8 + 0.75 * 0.1, 0.02);
}

TEST(loss_chain, loses_all_at_1_and_nothing_at_0)
{
    EXPECT_EQ(count(loss_chain(loss_chain::bursts(1, 3)), 1000).rate, 1);
    EXPECT_EQ(count(loss_chain(loss_chain::independent(1)), 1000).rate, 1);
    EXPECT_EQ(count(loss_chain(loss_chain::bursts(0, 3)), 1000).rate, 0);
    EXPECT_EQ(count(loss_chain(loss_chain::independent(0)), 1000).rate, 0);
}

TEST(loss_chain, forgets_its_state_while_time_passes)
{
    auto const lost_after = [](double steps) {
        int lost = 0;
        for (int i = 0; i < 10'000; ++i) {
            loss_chain chain(loss_chain::bursts(0.1, 10));
            chain.loses({0, 0});  // now it is bad
            chain.pass(steps, i / 10'000.0);
            lost += chain.loses({0.5, 0}) ? 1 : 0;
        }
        return lost / 10'000.0;
    };
    EXPECT_EQ(lost_after(0), 1);
    EXPECT_NEAR(lost_after(6.25), 0.1 + 0.9 / 2, 0.02);  // (1 - p - r)^6.25 is a half
    EXPECT_NEAR(lost_after(1000), 0.1, 0.01);
}

}  // namespace
}  // namespace aconite::toxics
