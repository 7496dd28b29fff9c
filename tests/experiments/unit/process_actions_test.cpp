// What is done to processes: real children, found by number, pid file, port and as our own.
#include "clients/experiment/actions/child.hpp"
#include "clients/experiment/actions/left_load.hpp"
#include "clients/experiment/actions/processes.hpp"
#include "tests/experiments/unit/action_fixture.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <csignal>

namespace aconite::experiment {
namespace {

using namespace std::chrono_literals;

class process_actions : public action_fixture {
protected:
    process_actions()
    {
        worker.name = "worker one";
        worker.process.command = {"sh", "-c", "echo began >> began; while :; do sleep 60; done"};
    }
    ~process_actions() override
    {
        if (auto const left = find_process(worker, where); left && left->ours) {
            EXPECT_TRUE(end_process(*left, where));
        }
        for (auto const pid : children) {
            ::kill(pid, SIGKILL);
            ::waitpid(pid, nullptr, 0);
        }
    }

    /// A child that nobody but the test knows of.
    pid_t stranger()
    {
        auto const pid = ::fork();
        if (pid == 0) {
            ::execlp("sleep", "sleep", "600", nullptr);
            ::_exit(1);
        }
        children.push_back(pid);
        EXPECT_TRUE(soon([&] {
            std::ifstream comm("/proc/" + std::to_string(pid) + "/comm");
            std::string name;
            comm >> name;
            return name == "sleep";
        }));
        return pid;
    }

    void start_worker()
    {
        auto const started = start_process(worker, where);
        ASSERT_TRUE(started) << started.error().text;
        ASSERT_TRUE(soon([&] { return !content("began").empty(); }));
    }

    [[nodiscard]] bool runs() const { return find_process(worker, where).has_value(); }
    [[nodiscard]] std::int64_t pid() const { return find_process(worker, where).value().id.pid; }

    target worker;
    std::vector<pid_t> children;
};

TEST_F(process_actions, a_process_of_ours_is_started_and_ended_by_its_record)
{
    auto const record = process_started_record(worker, where);
    EXPECT_TRUE(undo(record));  // before it was started at all
    start_worker();
    EXPECT_TRUE(runs());
    auto const again = start_process(worker, where);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().status, 409);
    EXPECT_TRUE(undo(record));
    EXPECT_FALSE(runs());
    EXPECT_TRUE(undo(record));
}

TEST_F(process_actions, what_cannot_be_run_is_named)
{
    worker.process.command = {"/no/such/program"};
    auto const started = start_process(worker, where);
    ASSERT_FALSE(started);
    EXPECT_NE(started.error().text.find("'/no/such/program' cannot be run: No such file"),
              std::string::npos)
        << started.error().text;
    worker.process.command = {"true"};
    worker.process.folder = "/no/such/folder";
    EXPECT_NE(start_process(worker, where).error().text.find("folder /no/such/folder"),
              std::string::npos);
}

TEST_F(process_actions, the_program_does_not_begin_if_nobody_could_note_it)
{
    auto const refused = start_child({.command = {"touch", (folder / "ran").string()}},
                                     [](process_id const&) -> result<void> {
                                         return problem{500, "the disk is full"};
                                     });
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().text, "the disk is full");
    EXPECT_FALSE(std::filesystem::exists(folder / "ran"));
}

TEST_F(process_actions, kill_ends_it_and_its_undo_starts_it_once)
{
    start_worker();
    auto const before = pid();
    auto const kill = make("kill", json::object(), {&worker}).value();
    auto const plan = begin(*kill);
    EXPECT_FALSE(runs());
    EXPECT_NE(kill->look()->text.find("has ended"), std::string::npos);
    undo_all(plan);
    ASSERT_TRUE(runs());
    EXPECT_NE(pid(), before);
    auto const restarted = pid();
    undo_all(plan);
    EXPECT_EQ(pid(), restarted);
}

TEST_F(process_actions, an_undo_of_what_was_not_done_does_nothing)
{
    start_worker();
    auto const before = pid();
    for (auto const* name : {"kill", "stop", "restart", "pause"})
        undo_all(make(name, json::object(), {&worker}).value()->undo_plan().value());
    EXPECT_EQ(pid(), before);
    EXPECT_EQ(content("began"), "began\n");
}

TEST_F(process_actions, stop_waits_and_then_kills)
{
    worker.process.command = {"sh", "-c",
                              "trap '' TERM; echo began >> began; while :; do sleep 60; done"};
    start_worker();
    auto const stop = make("stop", {{"timeout", 1'000'000'000}}, {&worker}).value();
    auto const plan = begin(*stop);
    EXPECT_FALSE(runs());
    undo_all(plan);
    EXPECT_TRUE(runs());
}

TEST_F(process_actions, restart_and_start)
{
    auto const start = make("start", json::object(), {&worker}).value();
    auto const started = begin(*start);
    ASSERT_EQ(started.size(), 1u);
    auto const first = pid();
    EXPECT_TRUE(make("start", json::object(), {&worker}).value()->undo_plan()->empty());
    auto const restart = make("restart", json::object(), {&worker}).value();
    auto const plan = begin(*restart);
    EXPECT_NE(pid(), first);
    auto const second = pid();
    undo_all(plan);
    EXPECT_EQ(pid(), second);
    undo_all(started);
    EXPECT_FALSE(runs());
}

TEST_F(process_actions, pause_and_its_undo)
{
    start_worker();
    auto const process = find_process(worker, where)->id;
    auto const pause = make("pause", json::object(), {&worker}).value();
    auto const plan = begin(*pause);
    EXPECT_TRUE(soon([&] { return is_stopped(process); }));
    EXPECT_NE(pause->look()->text.find("is stopped"), std::string::npos);
    EXPECT_TRUE(make("pause", json::object(), {&worker}).value()->undo_plan()->empty());
    auto const unpause = make("unpause", json::object(), {&worker}).value();
    auto const back = begin(*unpause);
    EXPECT_TRUE(soon([&] { return !is_stopped(process); }));
    undo_all(back);
    EXPECT_TRUE(soon([&] { return is_stopped(process); }));
    undo_all(plan);
    EXPECT_TRUE(soon([&] { return !is_stopped(process); }));
}

TEST_F(process_actions, a_pause_that_ended_early_says_so)
{
    start_worker();
    auto const process = find_process(worker, where)->id;
    auto const pause = make("pause", json::object(), {&worker}).value();
    auto const plan = begin(*pause);
    EXPECT_EQ(pause->look()->ended_early, "");
    ASSERT_TRUE(send_signal(process, SIGCONT, true));
    ASSERT_TRUE(soon([&] { return !is_stopped(process); }));
    EXPECT_NE(pause->look()->ended_early.find("was let go on before its time"), std::string::npos);
    ASSERT_TRUE(send_signal(process, SIGKILL, true));
    ASSERT_TRUE(soon([&] { return !lives(process); }));
    EXPECT_NE(pause->look()->ended_early.find("ended while it was paused"), std::string::npos);
    undo_all(plan);
}

TEST_F(process_actions, what_may_not_be_stopped_needs_no_undoing)
{
    worker.process.command.clear();
    worker.process.pid = 1;
    auto const pause = make("pause", json::object(), {&worker}).value();
    auto const plan = pause->undo_plan();
    ASSERT_TRUE(plan);
    EXPECT_EQ(pause->start().error().text,
              "process 1 is the machine's first one: it gets no signal");
    undo_all(*plan);
    worker.process.pid = 0;
}

TEST_F(process_actions, one_that_has_ended_at_once_is_told_with_its_status)
{
    worker.process.run = true;
    auto const kill = make("kill", json::object(), {&worker}).value();
    start_worker();
    EXPECT_TRUE(kill->find());
    ASSERT_TRUE(end_process(*find_process(worker, where), where));
    worker.process.command = {"sh", "-c", "exit 3"};
    ASSERT_TRUE(start_process(worker, where));
    auto const ended = make("kill", json::object(), {&worker}).value();
    EXPECT_TRUE(soon([&] { return !ended->find(); }));
    EXPECT_EQ(ended->find().error().text,
              "target 'worker one' does not run: it ended with status 3, what it printed is in " +
                  (where.output / "worker.32one.log").string());
    EXPECT_EQ(ended->undo_plan().error().text, ended->find().error().text);
    EXPECT_TRUE(make("start", json::object(), {&worker}).value()->find());
}

TEST_F(process_actions, one_that_does_not_heed_sigterm_is_named_and_killed_at_once_in_a_hurry)
{
    worker.process.command = {"sh", "-c",
                              "trap '' TERM; echo began >> began; while :; do sleep 60; done"};
    start_worker();
    std::string said;
    bool hurry = false;
    where.stopped = [] { return true; };
    where.hurried = [&] { return hurry; };
    where.say = [&](std::string const& text) {
        said = text;
        hurry = true;
    };
    auto const expected = "process " + std::to_string(pid()) +
                          " does not end by SIGTERM: it has 10 min for that, then SIGKILL ends "
                          "it; so does another Ctrl-C, at once";
    EXPECT_TRUE(end_process(*find_process(worker, where), where, 10min));
    EXPECT_EQ(said, expected);
    EXPECT_FALSE(runs());
}

TEST_F(process_actions, one_that_is_stopped_can_be_ended)
{
    start_worker();
    begin(*make("pause", json::object(), {&worker}).value());
    EXPECT_TRUE(undo(process_started_record(worker, where)));
    EXPECT_FALSE(runs());
}

TEST_F(process_actions, a_signal_goes_to_all_of_the_group)
{
    worker.process.command = {"sh", "-c",
                              "trap 'echo hup >> hups' HUP; "
                              "sh -c 'trap \"echo hup >> hups; exit\" HUP; echo began >> began; "
                              "while :; do sleep 0.1; done' & wait; wait"};
    start_worker();
    begin(*make("signal", {{"signal", "HUP"}}, {&worker}).value());
    EXPECT_TRUE(soon([&] { return content("hups") == "hup\nhup\n"; }));
}

TEST_F(process_actions, one_by_number_has_nothing_to_start_it_again_by)
{
    target other{.name = "other"};
    other.process.pid = stranger();
    auto const kill = make("kill", json::object(), {&other}).value();
    EXPECT_TRUE(begin(*kill).empty());
    EXPECT_NE(kill->look()->text.find("nothing is known to start it again by"), std::string::npos);
    EXPECT_NE(refusal("restart", json::object(), {&other}).find("needs a 'command'"),
              std::string::npos);
    auto const gone = make("pause", json::object(), {&other}).value()->undo_plan();
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().status, 404);
}

TEST_F(process_actions, another_process_of_the_same_number_is_never_touched)
{
    auto const pid = stranger();
    auto id = process_with(pid).value();
    id.start_time -= 1;  // the one that had the number before
    EXPECT_FALSE(lives(id));
    auto const sent = send_signal(id, SIGKILL, false);
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().status, 404);
    auto record = to_json(id);
    record["kind"] = "process_signal";
    record["signal"] = SIGSTOP;
    EXPECT_TRUE(undo(record));
    std::filesystem::create_directories(where.output);
    auto const file = process_started_record(worker, where)["state_file"].get<std::string>();
    std::ofstream(file) << to_json(id);
    EXPECT_TRUE(undo(process_started_record(worker, where)));
    auto of_another_boot = process_with(pid).value();
    of_another_boot.boot = "another";
    EXPECT_FALSE(send_signal(of_another_boot, SIGKILL, false));
    EXPECT_TRUE(process_with(pid));
    EXPECT_FALSE(is_stopped(process_with(pid).value()));
}

TEST_F(process_actions, pid_files_are_believed_only_if_they_can_be_true)
{
    target other{.name = "other"};
    other.process.pid_file = "other.pid";
    auto const problem_of = [&] { return find_process(other, where).error().text; };
    EXPECT_NE(problem_of().find("cannot be read: No such file"), std::string::npos);
    std::ofstream(folder / "other.pid") << "seven\n";
    EXPECT_NE(problem_of().find("does not begin with the number"), std::string::npos);
    std::ofstream(folder / "other.pid") << "999999999\n";
    EXPECT_NE(problem_of().find("there is no process 999999999"), std::string::npos);
    auto const pid = stranger();
    std::ofstream(folder / "other.pid") << pid << "\n";
    EXPECT_EQ(find_process(other, where).value().id.pid, pid);
    std::filesystem::last_write_time(folder / "other.pid",
                                     std::filesystem::file_time_type::clock::now() - 1h);
    EXPECT_NE(problem_of().find("is older than process"), std::string::npos) << problem_of();
}

TEST_F(process_actions, a_listener_is_found_by_its_port)
{
    for (auto const family : {AF_INET, AF_INET6}) {
        auto const descriptor = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in6 address{};
        address.sin6_family = static_cast<sa_family_t>(family);
        socklen_t size = family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
        ASSERT_EQ(::bind(descriptor, reinterpret_cast<sockaddr*>(&address), size), 0);
        ASSERT_EQ(::listen(descriptor, 1), 0);
        ASSERT_EQ(::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size), 0);
        auto const port = ntohs(address.sin6_port);
        EXPECT_EQ(process_by_port(port).value().pid, ::getpid());
        ::close(descriptor);
        auto const nobody = process_by_port(port);
        ASSERT_FALSE(nobody);
        EXPECT_NE(nobody.error().text.find("nobody listens on it"), std::string::npos);
    }
    EXPECT_FALSE(send_signal(process_with(::getpid()).value(), SIGTERM, false));  // ourselves
}

TEST_F(process_actions, signals_have_names_and_numbers)
{
    EXPECT_EQ(read_signal("SIGKILL"), SIGKILL);
    EXPECT_EQ(read_signal("HUP"), SIGHUP);
    EXPECT_EQ(read_signal("15"), SIGTERM);
    for (auto const* bad : {"", "0", "-9", "SIGNOT", "65536", "kill"})
        EXPECT_FALSE(read_signal(bad)) << bad;
    EXPECT_NE(refusal("kill", {{"signal", "SIGNOT"}}, {&worker}).find("'SIGNOT'"),
              std::string::npos);
    EXPECT_NE(refusal("signal", {{"signal", "STOP"}}, {&worker}).find("'pause'"),
              std::string::npos);
    target nothing{.name = "nothing", .proxy = "p"};
    EXPECT_NE(refusal("kill", json::object(), {&nothing}).find("neither a container nor"),
              std::string::npos);
}

TEST_F(process_actions, records_that_lack_something_are_refused)
{
    for (auto const* kind : {"toxic", "proxy_enabled", "container", "container_update",
                             "container_stress", "container_netem", "process_start",
                             "process_signal", "process_started", "command", "load"}) {
        auto const refused = undo({{"kind", kind}});
        ASSERT_FALSE(refused) << kind;
        EXPECT_EQ(refused.error().status, 400) << kind;
        EXPECT_NE(refused.error().text.find("lacks"), std::string::npos) << refused.error().text;
    }
    EXPECT_EQ(undo_kinds().size(), 12u);
}

TEST_F(process_actions, what_a_load_has_started_is_known_by_its_environment)
{
    auto const begin = [&](std::string const& output) {
        auto const made = start_child(
            {.command = {"sleep", "1000"}, .environment = {{"ACONITE_EXPERIMENT_OUTPUT", output}}});
        EXPECT_TRUE(made) << made.error().text;
        return made.value();
    };
    auto const ours = begin(where.output.string());
    auto const others = begin(where.output.string() + "2");
    EXPECT_TRUE(undo(left_load_record(where)));
    EXPECT_FALSE(lives(ours));
    EXPECT_TRUE(lives(others));
    EXPECT_TRUE(undo(left_load_record(where)));  // there is nothing to end any more
    EXPECT_TRUE(send_signal(others, SIGKILL, true));
    EXPECT_TRUE(ends_within(others, std::chrono::seconds(10)));
}

TEST_F(process_actions, a_command_runs_to_its_end_and_is_undone_by_another)
{
    auto const command = make("command",
                              {{"command", {"sh", "-c", "echo done >> log; echo said"}},
                               {"undo", {"sh", "-c", "echo undone >> log"}}},
                              {})
                             .value();
    auto const plan = begin(*command);
    EXPECT_EQ(content("log"), "done\n");
    EXPECT_EQ(content("output/commands.log"), "said\n");
    EXPECT_EQ(command->look()->text, "ended with status 0");
    undo_all(plan);
    EXPECT_EQ(content("log"), "done\nundone\n");
    auto const fails = make("command", {{"command", {"sh", "-c", "exit 3"}}}, {}).value();
    EXPECT_EQ(fails->start().error().text, "'exit 3' ended with status 3, not 0; see " +
                                               (folder / "output/commands.log").string());
    EXPECT_TRUE(make("command", {{"command", {"sh", "-c", "exit 3"}}, {"expect_status", 3}}, {})
                    .value()
                    ->start());
}

TEST_F(process_actions, a_command_that_hangs_is_ended_with_what_it_started)
{
    auto const hangs = make("command",
                            {{"command", {"sh", "-c", "sleep 600 & echo $! > child; wait"}},
                             {"timeout", 500'000'000}},
                            {})
                           .value();
    EXPECT_NE(hangs->start().error().text.find("did not end within 500 ms and was killed"),
              std::string::npos);
    auto const child = std::stoll(content("child"));
    EXPECT_TRUE(soon([&] { return !process_with(child); }));
}

}  // namespace
}  // namespace aconite::experiment
