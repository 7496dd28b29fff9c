#include "tests/experiments/unit/load_support.hpp"

#include <gtest/gtest.h>

#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

namespace aconite::experiment {
namespace {

using namespace std::chrono_literals;
using namespace load_kit;

/// A folder that is gone with the test.
class own_folder {
public:
    own_folder()
    {
        std::string name = std::filesystem::temp_directory_path() / "aconite-load-XXXXXX";
        path_ = ::mkdtemp(name.data());
    }
    ~own_folder() { std::filesystem::remove_all(path_); }
    own_folder(own_folder const&) = delete;
    own_folder& operator=(own_folder const&) = delete;

    [[nodiscard]] std::filesystem::path const& path() const { return path_; }
    [[nodiscard]] std::string text_of(std::string const& name) const
    {
        std::ifstream file(path_ / name);
        return {std::istreambuf_iterator<char>(file), {}};
    }

private:
    std::filesystem::path path_;
};

struct shell_load {
    own_folder folder{};
    recorder into{time_point::clock::now()};
    std::unique_ptr<load> made{};

    explicit shell_load(std::string const& script, json more = json::object())
    {
        json values = {{"command", {"sh", "-c", script}}};
        values.update(more);
        surroundings const where{
            .folder = folder.path(), .seed = 42, .output = folder.path() / "out"};
        made = make_load("command", values, into, where).value();
    }
};

TEST(command_load, tells_its_exit_status_and_the_end_of_its_output)
{
    shell_load const it(
        "seq 1 100000; printf '\\033[31mred\\033[0m 10%%\\r20%%\\n\\002' >&2; exit 3");
    ASSERT_TRUE(it.made->start());
    EXPECT_TRUE(eventually([&] { return !it.made->running(); }));
    auto const end = it.made->stop(1s);
    EXPECT_EQ(end.exit_status, 3);
    EXPECT_EQ(end.fault, "");
    EXPECT_LE(end.output.size(), 4'200U);
    EXPECT_TRUE(end.output.ends_with("\n99999\n100000\n20%\n\\x02\n")) << end.output;
    EXPECT_EQ(it.into.requests(), 0U);
}

TEST(command_load, runs_in_the_files_folder_with_what_it_may_want_to_know)
{
    shell_load const it("pwd > here; echo $ACONITE_EXPERIMENT_OUTPUT $ACONITE_EXPERIMENT_FOLDER "
                        "$ACONITE_EXPERIMENT_SEED $NO_COLOR \"$MORE\" $HOME; cat",
                        {{"env", {{"MORE", "two words"}, {"HOME", "/own"}}}});
    ASSERT_TRUE(it.made->start());
    EXPECT_TRUE(eventually([&] { return !it.made->running(); }));
    auto const folder = std::filesystem::canonical(it.folder.path()).string();
    auto const end = it.made->stop(1s);
    EXPECT_EQ(end.exit_status, 0);
    EXPECT_EQ(end.output, it.folder.path().string() + "/out " + it.folder.path().string() +
                              " 42 1 two words /own\n");
    EXPECT_EQ(it.folder.text_of("here"), folder + "\n");
}

TEST(command_load, is_ended_with_all_that_it_started)
{
    shell_load const it("trap 'echo told; exit 7' TERM; (trap '' TERM; echo $$ > started; "
                        "exec sleep 1000) & sleep 1000 & while :; do wait; done");
    ASSERT_TRUE(it.made->start());
    EXPECT_TRUE(eventually([&] { return it.folder.text_of("started").ends_with('\n'); }));
    EXPECT_TRUE(it.made->running());
    auto const group = static_cast<pid_t>(std::stoi(it.folder.text_of("started")));
    EXPECT_EQ(::getpgid(group), group);
    EXPECT_NE(::getpgid(group), ::getpgrp());
    auto const end = it.made->stop(300ms);
    EXPECT_EQ(end.exit_status, 7);
    EXPECT_EQ(end.output, "told\n");
    EXPECT_EQ(end.fault, "");
    EXPECT_FALSE(it.made->running());
    // Whoever would not hear is gone too.
    EXPECT_TRUE(eventually([&] { return ::kill(-group, 0) != 0 && errno == ESRCH; }));
}

TEST(command_load, is_killed_if_it_will_not_hear)
{
    shell_load const it("trap '' TERM; echo deaf; while :; do sleep 1000; done");
    ASSERT_TRUE(it.made->start());
    auto const before = time_point::clock::now();
    auto const end = it.made->stop(200ms);
    EXPECT_LE(time_point::clock::now() - before, 5s);
    EXPECT_TRUE(end.exit_status == 128 + SIGKILL || end.exit_status == 128 + SIGTERM);
    EXPECT_EQ(end.fault, "");
}

TEST(command_load, says_how_it_ended_before_its_time)
{
    shell_load const killed("kill -SEGV $$");
    ASSERT_TRUE(killed.made->start());
    EXPECT_TRUE(eventually([&] { return !killed.made->running(); }));
    auto const end = killed.made->stop(1s);
    EXPECT_EQ(end.exit_status, 128 + SIGSEGV);
    EXPECT_EQ(end.fault, "it was ended by signal 11 (Segmentation fault)");
    shell_load const missing("no-such-program-here");
    ASSERT_TRUE(missing.made->start());
    EXPECT_TRUE(eventually([&] { return !missing.made->running(); }));
    EXPECT_EQ(missing.made->stop(1s).fault, "the shell could not run it");
}

TEST(command_load, cannot_start_what_is_not_there)
{
    recorder into(time_point::clock::now());
    json values = {{"command", {"no-such-program-here"}}};
    auto const made = make_load("command", values, into).value();
    auto const started = made->start();
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().text, "command: no-such-program-here: No such file or directory");
    EXPECT_FALSE(made->running());
    EXPECT_EQ(made->stop(1s).exit_status, std::nullopt);

    auto const nowhere =
        make_load("command", {{"command", {"true"}}}, into, {.folder = "/no/such"}).value();
    EXPECT_EQ(nowhere->start().error().text, "command: /no/such: No such file or directory");
    EXPECT_EQ(make_load("command", {{"command", {""}}}, into).error().text,
              "command: must have at least one word");
    EXPECT_EQ(
        make_load("command", {{"command", {"true"}}, {"env", {{"a=b", "c"}}}}, into).error().text,
        "env: 'a=b' is no name of a variable");
}

TEST(command_load, does_not_inherit_our_sockets)
{
    // Asio's are not marked: a connection would stay open as long as the command runs.
    auto const ours = ::socket(AF_INET, SOCK_STREAM, 0);
    ASSERT_GE(ours, 0);
    shell_load const it("ls /proc/self/fd | wc -l; ls -l /proc/self/fd | grep -c socket");
    ASSERT_TRUE(it.made->start());
    EXPECT_TRUE(eventually([&] { return !it.made->running(); }));
    ::close(ours);
    EXPECT_EQ(it.made->stop(1s).output, "4\n0\n");
}

}  // namespace
}  // namespace aconite::experiment
