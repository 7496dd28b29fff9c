#include "clients/experiment/show/live_lines.hpp"
#include "tests/experiments/unit/observed.hpp"

namespace aconite::experiment {
namespace {

using namespace std::chrono_literals;

TEST(live_lines, tell_the_phase_and_how_far_it_is)
{
    progress told;
    told.update([](progress_view& view) {
        view = {.experiment = "Slow \x1b[31mRedis",
                .stage = "slow",
                .stage_begin = observed::at(10),
                .stage_end = observed::at(20),
                .phase = 2,
                .phases = 3};
    });
    auto const lines = live_lines(told, observed::at(15), observed::at(-50));
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[0].find('\x1b'), std::string::npos);
    EXPECT_TRUE(lines[0].ends_with("  1:05")) << lines[0];
    EXPECT_TRUE(lines[1].starts_with("  phase 2/3 slow  [###############")) << lines[1];
    EXPECT_TRUE(lines[1].ends_with("  5 of 10 s")) << lines[1];

    // One that takes longer than planned is full, and no fuller.
    auto const late = live_lines(told, observed::at(99), observed::at(0))[1];
    EXPECT_EQ(late.find('-'), std::string::npos) << late;
    EXPECT_TRUE(late.ends_with("  10 of 10 s")) << late;
}

TEST(live_lines, a_stage_without_an_end_has_no_bar)
{
    progress told;
    told.update([](progress_view& view) {
        view = {.experiment = "x", .stage = "steady state", .stage_begin = observed::at(0)};
    });
    EXPECT_EQ(live_lines(told, observed::at(1), observed::at(0))[1], "  steady state");
    // Nor is one of no length divided by it.
    told.update([](progress_view& view) { view.stage_end = observed::at(0); });
    EXPECT_TRUE(live_lines(told, observed::at(1), observed::at(0))[1].ends_with("]  0 of 0 s"));
}

TEST(live_lines, tell_faults_loads_and_checks)
{
    observed seen;
    seen.with_load().served(0, 4, 20ms).refused(3, 4);
    progress told;
    told.set_observations(&seen.of);
    told.update([](progress_view& view) {
        view = {.experiment = "x",
                .stage = "slow",
                .faults = {"toxic cache", "kill worker"},
                .checks = {{"answers", {.state = check_state::passed, .actual = "1 == 1"}},
                           {"is quick", {.state = check_state::failed, .actual = "2 < 1"}},
                           {std::string(60, 'n'),
                            {.state = check_state::unknown, .text = "nothing was seen"}}}};
    });
    auto const lines = live_lines(told, observed::at(4), observed::at(0));
    ASSERT_EQ(lines.size(), 7U);
    EXPECT_EQ(lines[2], "  in force: toxic cache, kill worker");
    EXPECT_TRUE(lines[3].starts_with("  load  100/s ok, 50/s errors, p99 20")) << lines[3];
    EXPECT_TRUE(lines[3].ends_with("  ████")) << lines[3];
    EXPECT_TRUE(lines[4].starts_with("  ✔ answers ")) << lines[4];
    EXPECT_TRUE(lines[4].ends_with("  1 == 1")) << lines[4];
    EXPECT_TRUE(lines[5].starts_with("  ✘ is quick ")) << lines[5];
    EXPECT_EQ(lines[6], "  · " + std::string(41, 'n') + "...  nothing was seen");
    told.set_observations(nullptr);
    EXPECT_EQ(live_lines(told, observed::at(4), observed::at(0)).size(), 6U);
}

}  // namespace
}  // namespace aconite::experiment
