#include "clients/experiment/show/screen.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

namespace aconite::experiment {
namespace {

TEST(screen_text, letters_are_counted_and_not_bytes)
{
    EXPECT_EQ(columns_of(""), 0U);
    EXPECT_EQ(columns_of("grün ✔"), 6U);
}

TEST(screen_text, is_cut_between_letters)
{
    EXPECT_EQ(cut_to("grün ✔", 6), "grün ✔");
    EXPECT_EQ(cut_to("grün ✔✔", 6), "grü...");
    EXPECT_EQ(cut_to("äöüäöü", 4), "ä...");
    EXPECT_EQ(cut_to("äöüäöü", 3), "...");
    EXPECT_EQ(cut_to("äöüäöü", 1), ".");
    EXPECT_EQ(cut_to("äöüäöü", 0), "");
}

TEST(screen_text, a_bar_has_all_its_columns_whatever_the_share)
{
    EXPECT_EQ(bar_of(0, 12), "[----------]");
    EXPECT_EQ(bar_of(0.5, 12), "[#####-----]");
    EXPECT_EQ(bar_of(0.04, 12), "[----------]");
    EXPECT_EQ(bar_of(7, 12), "[##########]");
    EXPECT_EQ(bar_of(-1, 12), "[----------]");
    EXPECT_EQ(bar_of(1, 2), "[]");
}

TEST(screen_text, the_greatest_number_is_the_highest_bar)
{
    EXPECT_EQ(sparkline_of({}), "");
    EXPECT_EQ(sparkline_of({0, 0}), "▁▁");
    EXPECT_EQ(sparkline_of({0, 7, 3.5, -1}), "▁█▅▁");
}

/// A terminal of 20 columns and 5 lines; what is written to it.
class terminal {
public:
    terminal() : master_(::posix_openpt(O_RDWR | O_NOCTTY))
    {
        EXPECT_EQ(::grantpt(master_), 0);
        EXPECT_EQ(::unlockpt(master_), 0);
        slave_ = ::open(::ptsname(master_), O_RDWR | O_NOCTTY);
        winsize const size{.ws_row = 5, .ws_col = 20, .ws_xpixel = 0, .ws_ypixel = 0};
        EXPECT_EQ(::ioctl(slave_, TIOCSWINSZ, &size), 0);
    }
    ~terminal()
    {
        ::close(slave_);
        ::close(master_);
    }
    terminal(terminal const&) = delete;
    terminal& operator=(terminal const&) = delete;
    [[nodiscard]] int descriptor() const { return slave_; }

    /// What has come, without carriage returns.
    [[nodiscard]] std::string written() const
    {
        std::string all;
        pollfd wanted{master_, POLLIN, 0};
        while (::poll(&wanted, 1, 0) > 0) {
            char part[4096];
            auto const got = ::read(master_, part, sizeof part);
            if (got <= 0)
                break;
            all.append(part, static_cast<std::size_t>(got));
        }
        std::erase(all, '\r');
        return all;
    }

private:
    int master_;
    int slave_ = -1;
};

TEST(screen, is_drawn_anew_in_place_and_leaves_nothing)
{
    terminal const on;
    screen shown(on.descriptor());
    shown.draw({"one", "a line that is longer than the terminal"});
    EXPECT_EQ(on.written(), "one\na line that is lo...\n");
    shown.draw({"two"});
    EXPECT_EQ(on.written(), "\x1b[2F\x1b[Jtwo\n");
    shown.say("it stays");
    EXPECT_EQ(on.written(), "\x1b[1F\x1b[Jit stays\n");
    shown.clear();
    EXPECT_EQ(on.written(), "");
    shown.draw({"three"});
    shown.clear();
    EXPECT_EQ(on.written(), "three\n\x1b[1F\x1b[J");
}

TEST(screen, has_no_more_lines_than_the_terminal)
{
    terminal const on;
    screen shown(on.descriptor());
    shown.draw({"1", "2", "3", "4"});
    EXPECT_EQ(on.written(), "1\n2\n3\n4\n");
    shown.clear();
    EXPECT_EQ(on.written(), "\x1b[4F\x1b[J");
    shown.draw({"1", "2", "3", "4", "5", "6"});
    EXPECT_EQ(on.written(), "1\n2\n3\n  ... 3 more\n");
    shown.clear();
    EXPECT_EQ(on.written(), "\x1b[4F\x1b[J");
}

TEST(screen, is_for_terminals_that_can_do_it)
{
    terminal const on;
    ::setenv("TERM", "xterm", 1);
    EXPECT_TRUE(screen::can(on.descriptor()));
    ::setenv("TERM", "dumb", 1);
    EXPECT_FALSE(screen::can(on.descriptor()));
    ::unsetenv("TERM");
    EXPECT_FALSE(screen::can(on.descriptor()));
    ::setenv("TERM", "xterm", 1);
    auto const file = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    EXPECT_FALSE(screen::can(file));
    ::close(file);
}

}  // namespace
}  // namespace aconite::experiment
