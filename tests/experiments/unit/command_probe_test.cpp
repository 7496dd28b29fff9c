#include "clients/experiment/probes/faults.hpp"
#include "tests/experiments/unit/probe_kit.hpp"

#include <csignal>
#include <cstdlib>
#include <fstream>

namespace aconite::experiment::probe_kit {
namespace {

using namespace std::chrono_literals;

json shell(std::string const& text, std::string const& of = "output")
{
    return {{"command", {"sh", "-c", text}}, {"of", of}};
}

TEST(command_probe, takes_the_last_line_that_is_not_empty)
{
    EXPECT_EQ(value_of_probe("command", shell("echo 1; echo ' 12.5 '; echo; echo")), value(12.5));
    EXPECT_EQ(value_of_probe("command", shell("printf 'a\\nhealthy'")), value("healthy"));
    EXPECT_EQ(value_of_probe("command", {{"command", {"echo", "a  b"}}}), value("a  b"));
    EXPECT_EQ(problem_of("command", shell("cat")), "'cat': printed nothing");
}

TEST(command_probe, takes_lines_as_ids)
{
    EXPECT_EQ(value_of_probe("command", shell("printf 'b\\r\\n\\na\\nb'", "lines")),
              value(id_list{"b", "a", "b"}));
    EXPECT_EQ(value_of_probe("command", shell("true", "lines")), value(id_list{}));
    EXPECT_NE(problem_of("command", shell("yes | head -n 100001", "lines")).find("100000 lines"),
              std::string::npos);
}

TEST(command_probe, tells_how_it_ended)
{
    EXPECT_EQ(value_of_probe("command", shell("exit 3", "status")), value(3.0));
    EXPECT_EQ(value_of_probe("command", shell("kill -9 $$", "status")), value(137.0));
    EXPECT_EQ(problem_of("command", shell("echo; echo 'no \033[2J table' >&2; exit 2")),
              "'echo; echo 'no \\x1b[2J table' >&2; exit 2': ended with status 2: no \\x1b[2J "
              "table");
    EXPECT_EQ(problem_of("command", shell("true")), "'true': printed nothing");
    EXPECT_NE(problem_of("command", {{"command", {"/no/such/program"}}}).find("cannot be started"),
              std::string::npos);
    EXPECT_EQ(problem_of("command", {{"command", json::array()}}), "command: is empty");
    surroundings where;
    where.folder = "/no/such/folder";
    EXPECT_NE(problem_of("command", shell("true"), where).find("cannot be started"),
              std::string::npos);
}

TEST(command_probe, runs_in_the_folder_of_the_file)
{
    surroundings where;
    where.folder = "/usr/lib";
    EXPECT_EQ(value_of_probe("command", {{"command", {"pwd"}}}, where), value("/usr/lib"));
}

TEST(command_probe, kills_all_it_started_when_its_time_is_over)
{
    auto const made = make_probe("command", shell("trap '' TERM; sleep 1000 & echo $!; "
                                                  "echo $$ > $PROBE_PIDS; echo $! >> $PROBE_PIDS; "
                                                  "wait"));
    ASSERT_TRUE(made);
    auto const file = ::testing::TempDir() + "probe_pids_" + std::to_string(::getpid());
    ::setenv("PROBE_PIDS", file.c_str(), 1);
    std::string text;
    auto const took = time_of([&] { text = (*made)->look(700ms).error().text; });
    EXPECT_NE(text.find("did not end within 700 ms"), std::string::npos) << text;
    EXPECT_GE(took, 700ms);
    EXPECT_LT(took, 700ms + slack);
    std::ifstream in(file);
    pid_t leader = 0;
    pid_t other = 0;
    ASSERT_TRUE(in >> leader >> other);
    std::filesystem::remove(file);
    EXPECT_NE(::kill(leader, 0), 0);
    // Whoever inherits it has to await it before its number is free.
    auto const gone = [&] {
        std::ifstream state("/proc/" + std::to_string(other) + "/stat");
        std::string number, name, letter;
        return !(state >> number >> name >> letter) || letter == "Z" || letter == "X";
    };
    auto const until = std::chrono::steady_clock::now() + 10s;
    while (!gone() && std::chrono::steady_clock::now() < until)
        std::this_thread::yield();
    EXPECT_TRUE(gone());
}

TEST(command_probe, does_not_wait_for_what_goes_on_behind_it)
{
    auto const made = make_probe("command", shell("sleep 1000 & echo 5"));
    ASSERT_TRUE(made);
    EXPECT_LT(time_of([&] { EXPECT_EQ(value_of_look(**made, 20s), value(5.0)); }), 10s);
}

TEST(command_probe, is_not_filled_by_what_prints_for_ever)
{
    auto const made = make_probe("command", shell("yes"));
    ASSERT_TRUE(made);
    EXPECT_NE((*made)->look(60s).error().text.find("16 MiB"), std::string::npos);
    auto const errors = make_probe("command", shell("yes error >&2 & sleep 0.3; kill $!; exit 1"));
    EXPECT_LT((*errors)->look(60s).error().text.size(), 600u);
}

}  // namespace
}  // namespace aconite::experiment::probe_kit
