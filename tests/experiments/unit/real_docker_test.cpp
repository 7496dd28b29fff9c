// What is done to containers of a real engine: DOCKER_HOST says which, ACONITE_TEST_CONTAINER names
// one that ends on SIGTERM and SIGUSR1, with sh, head and tail in it. tests/experiment_containers
// runs this.
#include "clients/experiment/actions/container_exec.hpp"
#include "clients/experiment/probes/container.hpp"
#include "clients/experiment/probes/docker_engine.hpp"
#include "tests/experiments/unit/action_fixture.hpp"

#include <cstdlib>

namespace aconite::experiment {
namespace {

using namespace std::chrono_literals;

class real_docker : public action_fixture {
protected:
    void SetUp() override
    {
        auto const* const host = std::getenv("DOCKER_HOST");
        auto const* const container = std::getenv("ACONITE_TEST_CONTAINER");
        if (host == nullptr || container == nullptr)
            GTEST_SKIP() << "needs DOCKER_HOST and ACONITE_TEST_CONTAINER";
        where.docker_socket = std::string(host).substr(std::string("unix://").size());
        box.container = container;
        auto const made = docker_engine(where.docker_socket)
                              .ask_text("POST", container_path(container) + "/start");
        ASSERT_TRUE(made) << made.error().text;
    }

    [[nodiscard]] container_state state() const
    {
        return docker_engine(where.docker_socket).inspect(box.container).value();
    }
    [[nodiscard]] value seen(std::string const& of) const
    {
        auto const made = container_probe_kind.make(
            settings_of({{"container", box.container}, {"of", of}}), where);
        auto const looked = made.value()->look(10s);
        EXPECT_TRUE(looked) << looked.error().text;
        return looked ? *looked : value();
    }
    [[nodiscard]] std::unique_ptr<action> made(std::string_view name,
                                               json const& how = json::object()) const
    {
        return make(name, how, {&box}).value();
    }
    /// Undone by the record alone, as another process would.
    void undo_both_times(std::vector<json> const& plan) const
    {
        undo_all(plan);
        undo_all(plan, where);
    }
    /// How many processes of a load there are in it, by the marks of its records.
    [[nodiscard]] std::int64_t marked(std::string const& mark) const
    {
        docker_engine engine(where.docker_socket);
        return run_exec(engine, box.container,
                        {"sh", "-c",
                         "n=0; for e in /proc/[0-9]*/environ; do "
                         "grep -q \"ACONITE_STRESS=$1\" \"$e\" 2>/dev/null && n=$((n + 1)); "
                         "done; exit $n",
                         "sh", mark},
                        10s)
            .value();
    }

    target box{.name = "box"};
};

TEST_F(real_docker, kill_is_undone_by_a_start)
{
    auto const kill = made("kill");
    auto const plan = begin(*kill);
    EXPECT_FALSE(state().running);
    EXPECT_EQ(kill->look()->text, "exited with 137");
    EXPECT_EQ(to_text(seen("state")), "exited");
    EXPECT_EQ(to_text(seen("health")), "exited");
    EXPECT_EQ(to_text(seen("running")), "0");
    undo_both_times(plan);
    EXPECT_TRUE(state().running);
    EXPECT_EQ(to_text(seen("running")), "1");
}

TEST_F(real_docker, stop_start_restart)
{
    auto const stopped = begin(*made("stop", {{"timeout", 1'000'000'000}}));
    EXPECT_FALSE(state().running);
    EXPECT_TRUE(made("stop")->undo_plan()->empty());
    auto const again = made("kill");
    EXPECT_TRUE(again->undo_plan()->empty());
    auto const refused = again->start();
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().text.find("not running"), std::string::npos) << refused.error().text;
    auto const started = begin(*made("start"));
    ASSERT_EQ(started.size(), 1u);
    EXPECT_TRUE(state().running);
    undo_both_times(started);
    EXPECT_FALSE(state().running);
    undo_both_times(stopped);
    EXPECT_TRUE(state().running);
    undo_both_times(begin(*made("restart", {{"timeout", 1'000'000'000}})));
    EXPECT_TRUE(state().running);
}

TEST_F(real_docker, pause_and_unpause)
{
    auto const paused = begin(*made("pause"));
    EXPECT_EQ(to_text(seen("state")), "paused");
    EXPECT_EQ(to_text(seen("running")), "0");
    EXPECT_TRUE(made("pause")->undo_plan()->empty());
    auto const on = begin(*made("unpause"));
    EXPECT_EQ(to_text(seen("state")), "running");
    undo_both_times(on);
    EXPECT_EQ(to_text(seen("state")), "paused");
    EXPECT_NE(made("stress", {{"cpu", 0.5}})->undo_plan().error().text.find("it is paused"),
              std::string::npos);
    undo_both_times(paused);
    EXPECT_EQ(to_text(seen("state")), "running");
}

TEST_F(real_docker, a_signal_reaches_it)
{
    auto const signal = made("signal", {{"signal", "USR1"}});
    auto const plan = begin(*signal);  // which ends it
    EXPECT_TRUE(soon([&] { return !state().running; }));
    undo_both_times(plan);
    EXPECT_TRUE(state().running);
}

TEST_F(real_docker, limits_are_other_ones_and_come_back)
{
    docker_engine engine(where.docker_socket);
    auto const limit = [&] {
        auto const held = run_exec(
            engine, box.container,
            {"sh", "-c",
             "m=$(cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes "
             "2>/dev/null); [ \"$m\" = 67108864 ]"},
            10s);
        return held.value() == 0;
    };
    EXPECT_FALSE(limit());
    auto const update = made("update", {{"memory", 67'108'864.0}, {"cpus", 0.5}});
    auto const plan = begin(*update);
    EXPECT_TRUE(limit());
    EXPECT_EQ(update->look()->text, "running, Memory 67108864, CpuQuota 50000");
    undo_both_times(plan);
    EXPECT_FALSE(limit());
    auto const after = state().limits;
    EXPECT_LE(after["CpuQuota"], 0);
    undo_both_times(begin(*made("update", {{"memory", 33'554'432.0}})));
    EXPECT_FALSE(limit());
}

TEST_F(real_docker, stress_is_felt_and_ends)
{
    auto const before = as_number(seen("memory")).value();
    auto const stress = made(
        "stress", {{"cpu", 0.3}, {"workers", 2}, {"memory", 50e6}, {"duration", 600'000'000'000}});
    auto const plan = begin(*stress);
    auto const mark = plan.front()["mark"].get<std::string>();
    EXPECT_EQ(stress->look()->text, "the load runs");
    EXPECT_TRUE(soon([&] { return as_number(seen("memory")).value() > before + 48e6; }));
    EXPECT_GE(marked(mark), 6);
    undo_both_times(plan);
    EXPECT_EQ(marked(mark), 0);
    EXPECT_TRUE(soon([&] { return as_number(seen("memory")).value() < before + 20e6; }));
    EXPECT_TRUE(soon([&] { return stress->look()->text == "the load ended with status 137"; }))
        << stress->look()->text;
}

TEST_F(real_docker, stress_keeps_to_its_share_and_ends_by_itself)
{
    docker_engine engine(where.docker_socket);
    auto const used = [&] {
        auto const now =
            engine.ask("GET", container_path(box.container) + "/stats?stream=false&one-shot=true");
        return (*now)["cpu_stats"]["cpu_usage"]["total_usage"].get<double>() / 1e9;
    };
    // As much as a tenth of a processor, so that it gets that on a busy machine.
    auto const processors = (*engine.ask("GET", "/info"))["NCPU"].get<double>();
    auto const before = used();
    auto const stress = made("stress", {{"cpu", 0.1 / processors}, {"duration", 3'000'000'000}});
    auto const plan = begin(*stress);
    EXPECT_TRUE(soon([&] { return stress->look()->text == "the load ended with status 0"; }))
        << stress->look()->text;
    auto const spent = used() - before;
    EXPECT_GT(spent, 0.15);
    EXPECT_LT(spent, 1.5);
    EXPECT_EQ(marked(plan.front()["mark"].get<std::string>()), 0);
    undo_both_times(plan);
}

TEST_F(real_docker, netem_in_its_network_is_asked_for)
{
    auto const netem = made(
        "netem", {{"delay", 100'000'000}, {"via", "container"}, {"image", "debian:bookworm-slim"}});
    auto const plan = netem->undo_plan().value();
    auto const done = netem->start();
    // The image has no tc: what the engine says of that is told, and the helper is gone.
    ASSERT_FALSE(done);
    EXPECT_NE(done.error().text.find("netem in the network of container"), std::string::npos);
    EXPECT_NE(done.error().text.find("\"tc\": executable file not found"), std::string::npos)
        << done.error().text;
    docker_engine engine(where.docker_socket);
    EXPECT_EQ(engine.inspect(plan.front()["helper"].get<std::string>()).error().status, 404);
    auto const no_image =
        made("netem", {{"delay", 100'000'000}, {"via", "container"}, {"image", "no/such:image"}});
    ASSERT_TRUE(no_image->undo_plan());
    EXPECT_NE(no_image->start().error().text.find("No such image"), std::string::npos);
}

TEST_F(real_docker, one_that_was_made_anew_is_another_one)
{
    auto const kill = made("kill");
    auto record = kill->undo_plan().value().front();
    record["id"] = std::string(64, 'a');  // the one before
    begin(*kill);
    EXPECT_TRUE(undo(record));
    EXPECT_FALSE(state().running);
}

}  // namespace
}  // namespace aconite::experiment
