#include "clients/experiment/run/undo_log.hpp"
#include "tests/experiments/unit/temporary_folder.hpp"

#include <csignal>
#include <cstdlib>
#include <string>

#include <sys/resource.h>
#include <unistd.h>

namespace aconite::experiment {
namespace {

namespace fs = std::filesystem;

/// While it lives no file grows beyond so many bytes: a full disk.
class full_disk {
public:
    explicit full_disk(std::uintmax_t bytes)
    {
        getrlimit(RLIMIT_FSIZE, &before_);
        auto less = before_;
        less.rlim_cur = bytes;
        setrlimit(RLIMIT_FSIZE, &less);
        handler_ = std::signal(SIGXFSZ, SIG_IGN);
    }
    ~full_disk()
    {
        setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }
    full_disk(full_disk const&) = delete;
    full_disk& operator=(full_disk const&) = delete;

private:
    rlimit before_{};
    void (*handler_)(int) = SIG_DFL;
};

class undo_log_test : public ::testing::Test {
protected:
    [[nodiscard]] fs::path state() const { return folder.path / "state"; }
    [[nodiscard]] fs::path file() const { return state() / "run.undo"; }
    [[nodiscard]] undo_log made() const
    {
        auto log = undo_log::create(state(), "run", {{"experiment", "test"}});
        if (!log)
            throw std::runtime_error(log.error().text);
        return std::move(*log);
    }

    /// Undone, it writes its name at the end of `undone`.
    [[nodiscard]] json record(std::string const& name) const
    {
        return {{"kind", "command"},
                {"command", {"sh", "-c", "echo " + name + " >> undone"}},
                {"folder", folder.path.string()}};
    }
    [[nodiscard]] std::string undone() const { return text_of(folder.path / "undone"); }
    static std::string text_of(fs::path const& file)
    {
        std::ifstream in(file);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    temporary_folder folder;
};

TEST_F(undo_log_test, knows_whether_all_that_is_left_was_done_at_these_servers)
{
    auto log = made();
    auto const other = log.add(record("a")).value();
    ASSERT_TRUE(log.add({{"kind", "toxic"}, {"server_url", "http://one"}}));
    EXPECT_FALSE(log.is_left_only_at({"http://one"}));
    log.forget(other);
    EXPECT_TRUE(log.is_left_only_at({"http://one"}));
    EXPECT_FALSE(log.is_left_only_at({"http://two"}));
}

TEST_F(undo_log_test, the_last_one_is_undone_first_and_nothing_is_left)
{
    {
        auto log = made();
        EXPECT_TRUE(log.add(record("a")));
        EXPECT_TRUE(log.add(record("b")));
        EXPECT_FALSE(log.empty());
        EXPECT_TRUE(log.undo_all({}).empty());
        EXPECT_TRUE(log.empty());
        EXPECT_TRUE(log.undo_all({}).empty());  // not a second time
    }
    EXPECT_EQ(undone(), "b\na\n");
    EXPECT_TRUE(fs::is_empty(state()));
}

TEST_F(undo_log_test, what_a_run_leaves_is_restored_but_for_what_was_forgotten)
{
    {
        auto log = made();
        auto const first = log.add(record("a"));
        EXPECT_TRUE(log.add(record("b")));
        EXPECT_TRUE(log.add(record("c")));
        log.forget(*first);
        auto const found = restore_all(state(), false);
        ASSERT_EQ(found.size(), 1U);
        EXPECT_TRUE(found[0].running);  // its process lives
        EXPECT_EQ(undone(), "");
    }
    auto const seen = restore_all(state(), true);
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].run, "run");
    EXPECT_EQ(seen[0].undone, 2U);
    EXPECT_EQ(undone(), "");

    EXPECT_EQ(restore_all(state(), false).at(0).undone, 2U);
    EXPECT_EQ(undone(), "c\nb\n");
    EXPECT_TRUE(restore_all(state(), false).empty());
}

TEST_F(undo_log_test, what_cannot_be_undone_stays_and_keeps_back_nothing_else)
{
    {
        auto log = made();
        EXPECT_TRUE(log.add(record("a")));
        EXPECT_TRUE(log.add({{"kind", "of the future"}}));
        EXPECT_TRUE(log.add(record("b")));
        auto const problems = log.undo_all({});
        ASSERT_EQ(problems.size(), 1U);
        EXPECT_NE(problems[0].text.find("'of the future'"), std::string::npos);
        EXPECT_EQ(undone(), "b\na\n");
    }
    auto const found = restore_all(state(), false);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].undone, 0U);
    EXPECT_EQ(found[0].problems.size(), 1U);
    EXPECT_TRUE(fs::exists(file()));
}

TEST_F(undo_log_test, a_record_that_a_full_disk_cut_off_spoils_none_behind_it)
{
    {
        auto log = made();
        EXPECT_TRUE(log.add(record("a")));
        {
            full_disk const until(fs::file_size(file()) + 20);
            auto const refused = log.add(record("cut off"));
            ASSERT_FALSE(refused);
            EXPECT_NE(refused.error().text.find("File too large"), std::string::npos)
                << refused.error().text;
            EXPECT_FALSE(log.add(record("not even begun")));
        }
        EXPECT_TRUE(log.add(record("b")));
        auto const last = log.add(record("c"));
        log.forget(*last);
    }
    EXPECT_EQ(restore_all(state(), false).at(0).undone, 2U);
    EXPECT_EQ(undone(), "b\na\n");
}

TEST_F(undo_log_test, lines_that_make_no_sense_are_passed_over)
{
    fs::create_directories(state());
    auto good = record("good");
    std::ofstream(file()) << R"({"docker_socket": 7})"
                          << "\n"
                          << R"({"undone": "x"})"
                          << "\n"
                          << R"([1, 2])"
                          << "\n"
                          << R"({"undo": 5, "number": 3})"
                          << "\n"
                          << "\xff\xfe{{{\n"
                          << R"({"undo": {"kind": 9}, "number": 4})"
                          << "\n"
                          << json{{"undo", good}, {"number", 5}}.dump() << "\n"
                          << R"({"undo": {"kind": "comm)";
    auto const found = restore_all(state(), false);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].undone, 1U);
    EXPECT_EQ(found[0].problems.size(), 2U);
    EXPECT_EQ(undone(), "good\n");
}

TEST_F(undo_log_test, a_second_one_of_the_same_name_is_refused)
{
    auto const log = made();
    auto const second = undo_log::create(state(), "run", json::object());
    ASSERT_FALSE(second);
    EXPECT_NE(second.error().text.find("is there already"), std::string::npos);
    EXPECT_TRUE(fs::exists(file()));
}

TEST_F(undo_log_test, a_folder_that_cannot_be_is_told_in_plain_words)
{
    folder.write("state", "no folder");
    for (auto const& nowhere :
         {state().string(), std::string("/proc/aconite"), std::string("/proc")}) {
        auto const refused = undo_log::create(nowhere, "run", json::object());
        ASSERT_FALSE(refused);
        EXPECT_NE(refused.error().text.find("would undo, " + nowhere + ", cannot be "),
                  std::string::npos)
            << refused.error().text;
        EXPECT_NE(refused.error().text.find("--state names another one"), std::string::npos);
    }
}

class undo_log_folder : public ::testing::Test {
protected:
    undo_log_folder() : before_(std::getenv("HOME") == nullptr ? "" : std::getenv("HOME"))
    {
        ::unsetenv("XDG_STATE_HOME");
    }
    ~undo_log_folder() override { ::setenv("HOME", before_.c_str(), 1); }

private:
    std::string before_;
};

TEST_F(undo_log_folder, is_elsewhere_for_who_has_no_home)
{
    ::setenv("HOME", "/proc/none", 1);
    EXPECT_EQ(state_folder(state_use::written), "/var/tmp/aconite-" + std::to_string(::getuid()));
}

TEST_F(undo_log_folder, is_not_made_to_be_looked_at)
{
    temporary_folder const home;
    ::setenv("HOME", home.path.c_str(), 1);
    static_cast<void>(state_folder(state_use::looked_at));
    EXPECT_TRUE(fs::is_empty(home.path));
    EXPECT_EQ(state_folder(state_use::written), home.path / ".local/state/aconite");
    EXPECT_EQ(state_folder(state_use::looked_at), home.path / ".local/state/aconite");
}

}  // namespace
}  // namespace aconite::experiment
