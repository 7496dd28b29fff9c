#include "api/daemon/json_log.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

namespace aconite::daemon {
namespace {

/// A pipe whose writing end the log has.
struct log_pipe {
    log_pipe() { EXPECT_EQ(::pipe2(ends, O_NONBLOCK | O_CLOEXEC), 0); }
    ~log_pipe()
    {
        ::close(ends[0]);
        ::close(ends[1]);
    }

    std::string read_all() const
    {
        std::string text;
        char part[4096];
        for (ssize_t count = 0; (count = ::read(ends[0], part, sizeof part)) > 0;)
            text.append(part, static_cast<std::size_t>(count));
        return text;
    }

    int ends[2] = {-1, -1};
};

TEST(json_log, writes_a_line_of_json_with_level_first)
{
    log_field const fields[] = {{"name", "p"}, {"client", "1.2.3.4:5"}};
    EXPECT_EQ(log_line(log_level::info, "Accepted client", fields, "a.cpp:7", 0),
              R"({"level":"info","name":"p","client":"1.2.3.4:5","caller":"a.cpp:7",)"
              R"("time":"1970-01-01T00:00:00Z","message":"Accepted client"})"
              "\n");
}

TEST(json_log, writes_for_people_what_they_can_read)
{
    log_field const fields[] = {{"name", "p\n\x1b[2J"}, {"client", "1.2.3.4:5"}};
    EXPECT_EQ(plain_line(log_level::info, "Accepted client", fields, 86'399),
              "23:59:59 info  Accepted client name=p??[2J client=1.2.3.4:5\n");
    EXPECT_EQ(plain_line(log_level::debug, "", fields, 0),
              "00:00:00 debug name=p??[2J client=1.2.3.4:5\n");
}

TEST(json_log, writes_plain_lines_to_a_terminal)
{
    int const user = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    ASSERT_GE(user, 0);
    ASSERT_EQ(::grantpt(user), 0);
    ASSERT_EQ(::unlockpt(user), 0);
    int const terminal = ::open(::ptsname(user), O_RDWR | O_NOCTTY | O_CLOEXEC);
    ASSERT_GE(terminal, 0);
    json_log const log(terminal, log_level::trace);
    log.write(log_level::warn, "beware", {});
    char text[100] = {};
    EXPECT_GT(::read(user, text, sizeof text - 1), 0);
    EXPECT_TRUE(std::string_view(text).ends_with(" warn  beware\r\n")) << text;
    ::close(terminal);
    ::close(user);
}

TEST(json_log, leaves_an_empty_message_out)
{
    EXPECT_EQ(log_line(log_level::debug, "", {}, "c", 86'399),
              "{\"level\":\"debug\",\"caller\":\"c\",\"time\":\"1970-01-01T23:59:59Z\"}\n");
}

TEST(json_log, writes_counts_as_numbers_and_nothing_else)
{
    log_field const fields[] = {
        {"status", "200"}, {"duration", "0.25"}, {"bytes", "x"}, {"name", "1"}};
    auto const line = log_line(log_level::warn, "m", fields, "c", 0);
    EXPECT_NE(line.find(R"("status":200,"duration":0.25,"bytes":"x","name":"1")"), line.npos)
        << line;
    for (auto const* text : {"", "007", ".5", "1.", "1.2.3", "-1", "1e3", "0x1", "nan"}) {
        log_field const field[] = {{"bytes", text}};
        auto const told = nlohmann::json::parse(log_line(log_level::warn, "m", field, "c", 0));
        EXPECT_EQ(told["bytes"], text);
    }
}

TEST(json_log, keeps_a_line_one_line_whatever_a_field_holds)
{
    log_field const fields[] = {{"name", "a\n\"b\xff"}};
    auto const line = log_line(log_level::info, "m\r\n", fields, "c", 0);
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    EXPECT_NE(line.find(R"(a\n\"b)"), line.npos);
    EXPECT_EQ(nlohmann::json::parse(line)["message"], "m\r\n");
}

TEST(json_log, knows_the_levels_by_word_and_number)
{
    EXPECT_EQ(level_from("info"), log_level::info);
    EXPECT_EQ(level_from("WARN"), log_level::warn);
    EXPECT_EQ(level_from("warning"), log_level::warn);
    EXPECT_EQ(level_from("Disabled"), log_level::disabled);
    EXPECT_EQ(level_from("-1"), log_level::trace);
    EXPECT_EQ(level_from("3"), log_level::error);
    EXPECT_EQ(level_from("7"), log_level::disabled);
    for (auto const* unknown : {"", "verbose", "-2", "8", "1.0"})
        EXPECT_FALSE(level_from(unknown)) << unknown;
}

TEST(json_log, writes_only_from_its_level_on)
{
    log_pipe out;
    json_log const log(out.ends[1], log_level::warn);
    log.write(log_level::info, "quiet", {});
    log.write(log_level::warn, "loud", {});
    auto const text = out.read_all();
    EXPECT_EQ(text.find("quiet"), text.npos);
    EXPECT_NE(text.find("loud"), text.npos);
}

TEST(json_log, tells_where_it_was_called)
{
    log_pipe out;
    json_log(out.ends[1], log_level::trace).write(log_level::info, "m", {});
    EXPECT_NE(out.read_all().find("\"caller\":\"json_log_test.cpp:"), std::string::npos);
}

TEST(json_log, names_the_part_that_a_sink_is_for)
{
    log_pipe out;
    json_log const log(out.ends[1], log_level::trace);
    log.sink("engine")(log_level::info, "m", {});
    EXPECT_NE(out.read_all().find("\"caller\":\"engine\""), std::string::npos);
}

TEST(json_log, gives_no_sink_if_disabled)
{
    EXPECT_FALSE(json_log(1, log_level::disabled).sink("engine"));
}

TEST(json_log, survives_a_reader_that_does_not_read)
{
    log_pipe out;
    json_log const log(out.ends[1], log_level::trace);
    std::string const long_text(1 << 20, 'x');
    log.write(log_level::info, long_text, {});
    EXPECT_GT(out.read_all().size(), 0U);
}

TEST(json_log, never_blocks_on_a_blocking_pipe_that_is_full)
{
    log_pipe out;
    ::fcntl(out.ends[1], F_SETFL, 0);
    json_log const log(out.ends[1], log_level::trace);
    for (int i = 0; i < 10'000; ++i)
        log.write(log_level::info, "nobody reads this", {});
    EXPECT_GT(out.read_all().size(), 0U);
    log.write(log_level::info, "but this", {});
    EXPECT_NE(out.read_all().find("but this"), std::string::npos);
}

TEST(json_log, survives_a_reader_that_is_gone)
{
    auto const before = std::signal(SIGPIPE, SIG_IGN);
    log_pipe out;
    ::close(out.ends[0]);
    out.ends[0] = -1;
    json_log const log(out.ends[1], log_level::trace);
    log.write(log_level::info, "m", {});
    EXPECT_EQ(errno, EPIPE);
    std::signal(SIGPIPE, before);
}

}  // namespace
}  // namespace aconite::daemon
