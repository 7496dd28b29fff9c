#include "api/daemon/go_flags.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace aconite::daemon {
namespace {

using arguments = std::vector<char const*>;

settings accepted(arguments const& given)
{
    auto const parsed = parse_flags(given);
    if (auto const* stop = std::get_if<flag_stop>(&parsed)) {
        ADD_FAILURE() << "refused: " << stop->error;
        return {};
    }
    return std::get<settings>(parsed);
}

flag_stop refused(arguments const& given)
{
    auto const parsed = parse_flags(given);
    if (std::holds_alternative<settings>(parsed)) {
        ADD_FAILURE() << "accepted";
        return {};
    }
    return std::get<flag_stop>(parsed);
}

TEST(go_flags, have_the_defaults_of_the_reference)
{
    auto const s = accepted({});
    EXPECT_EQ(s.host, "localhost");
    EXPECT_EQ(s.port, "8474");
    EXPECT_EQ(s.config, "");
    EXPECT_FALSE(s.seed);
    EXPECT_FALSE(s.proxy_metrics || s.runtime_metrics || s.version || s.no_extras);
}

TEST(go_flags, take_one_dash_or_two_and_a_value_either_way)
{
    EXPECT_EQ(accepted({"-host", "a"}).host, "a");
    EXPECT_EQ(accepted({"--host", "a"}).host, "a");
    EXPECT_EQ(accepted({"-host=a"}).host, "a");
    EXPECT_EQ(accepted({"--host=a=b"}).host, "a=b");
    EXPECT_EQ(accepted({"-host="}).host, "");
    EXPECT_EQ(accepted({"-host", "-port"}).host, "-port");
}

TEST(go_flags, take_no_separate_value_for_a_boolean)
{
    auto const s = accepted({"-proxy-metrics", "false", "-host", "unread"});
    EXPECT_TRUE(s.proxy_metrics);
    EXPECT_EQ(s.host, "localhost");
}

TEST(go_flags, take_gos_words_for_a_boolean)
{
    for (auto const* yes : {"-version=1", "-version=t", "-version=T", "-version=true",
                            "-version=TRUE", "-version=True"})
        EXPECT_TRUE(accepted({yes}).version) << yes;
    for (auto const* no : {"-version=0", "-version=f", "-version=F", "-version=false",
                           "-version=FALSE", "-version=False"})
        EXPECT_FALSE(accepted({"-version", no}).version) << no;
    EXPECT_EQ(refused({"-version=yes"}).error,
              "invalid boolean value \"yes\" for flag -version: parse error");
}

TEST(go_flags, stop_at_the_first_argument_that_is_no_flag)
{
    for (auto const* end : {"word", "--", "-", ""}) {
        auto const s = accepted({"-host=a", end, "-host=b", "-nope"});
        EXPECT_EQ(s.host, "a") << end;
    }
}

TEST(go_flags, let_the_last_of_a_repeated_flag_win)
{
    EXPECT_EQ(accepted({"-port", "1", "--port=2"}).port, "2");
}

TEST(go_flags, read_numbers_as_go_does)
{
    EXPECT_EQ(accepted({"-seed", "-5"}).seed, -5);
    EXPECT_EQ(accepted({"-seed=0x1F"}).seed, 31);
    EXPECT_EQ(accepted({"-seed=010"}).seed, 8);
    EXPECT_EQ(accepted({"-seed=0"}).seed, 0);
    EXPECT_EQ(accepted({"-seed=9223372036854775807"}).seed, INT64_MAX);
    EXPECT_EQ(accepted({"-seed=-9223372036854775808"}).seed, INT64_MIN);
    for (auto const* bad : {"-seed=", "-seed=x", "-seed=1.5", "-seed=9223372036854775808",
                            "-seed=1 ", "-seed=--1", "-seed=0x"})
        EXPECT_EQ(refused({bad}).status, 2) << bad;
}

TEST(go_flags, bound_the_number_of_threads)
{
    EXPECT_EQ(accepted({"-threads", "4"}).threads, 4);
    EXPECT_EQ(refused({"-threads=-1"}).status, 2);
    EXPECT_EQ(refused({"-threads=257"}).status, 2);
}

TEST(go_flags, tell_the_bounds_of_a_number)
{
    EXPECT_EQ(refused({"-threads=257"}).error,
              "invalid value \"257\" for flag -threads: must be a whole number from 0 to 256");
    for (auto const* bad :
         {"-threads=1.5", "-threads=1e2", "-threads= 1", "-threads=4294967297",
          "-threads=18446744073709551617", "-threads=-0x", "-journal-records=16777217",
          "-journal-records=-1", "-journal-records=18446744073709551616"})
        EXPECT_EQ(refused({bad}).status, 2) << bad;
}

TEST(go_flags, take_only_a_port_for_a_port)
{
    for (auto const* port : {"0", "8474", "65535", "http", "x11-1"})
        EXPECT_EQ(accepted({"-port", port}).port, port);
    for (auto const* bad : {"", "65536", "70000", "4295034240", "18446744073709559830", "-1", "+80",
                            " 80", "80 ", "80:80", "8 0", "http x"})
        EXPECT_EQ(
            refused({"-port", bad}).error,
            std::string("invalid value \"") + bad +
                "\" for flag -port: must be a port from 0 to 65535, or the name of a service");
}

TEST(go_flags, bound_the_limit_for_half_closed_connections)
{
    EXPECT_EQ(accepted({}).half_closed_limit, 300);
    EXPECT_EQ(accepted({"-half-closed-limit", "0"}).half_closed_limit, 0);
    EXPECT_EQ(refused({"-half-closed-limit=-1"}).status, 2);
    EXPECT_EQ(refused({"-half-closed-limit=31536001"}).status, 2);
}

TEST(go_flags, bound_the_keep_alive)
{
    EXPECT_EQ(accepted({}).keep_alive, 15);
    EXPECT_EQ(accepted({"-keep-alive", "0"}).keep_alive, 0);
    EXPECT_EQ(accepted({"-keep-alive=32767"}).keep_alive, 32767);
    EXPECT_EQ(refused({"-keep-alive=-1"}).status, 2);
    EXPECT_EQ(refused({"-keep-alive=32768"}).status, 2);
}

TEST(go_flags, name_what_packet_loss_can_be)
{
    EXPECT_EQ(accepted({}).packet_loss, "retransmit");
    EXPECT_EQ(accepted({"--packet-loss=discard"}).packet_loss, "discard");
    EXPECT_EQ(accepted({"-packet-loss", "retransmit"}).packet_loss, "retransmit");
    auto const stop = refused({"-packet-loss=drop"});
    EXPECT_EQ(stop.status, 2);
    EXPECT_EQ(stop.error, "invalid value \"drop\" for flag -packet-loss: must be retransmit or "
                          "discard");
}

TEST(go_flags, name_an_unknown_flag)
{
    auto const stop = refused({"-nope=1"});
    EXPECT_EQ(stop.status, 2);
    EXPECT_EQ(stop.error, "flag provided but not defined: -nope");
}

TEST(go_flags, name_a_flag_without_its_value)
{
    EXPECT_EQ(refused({"-port"}).error, "flag needs an argument: -port");
}

TEST(go_flags, refuse_bad_syntax)
{
    for (auto const* bad : {"---x", "-=x", "--=x"})
        EXPECT_EQ(refused({bad}).error, std::string("bad flag syntax: ") + bad);
}

TEST(go_flags, take_help_for_no_mistake)
{
    for (auto const* help : {"-h", "-help", "--help"}) {
        EXPECT_EQ(refused({help}).status, 0);
        EXPECT_EQ(refused({help}).error, "");
    }
}

TEST(go_flags, show_every_flag_in_the_usage)
{
    auto const text = usage("toxiproxy-server");
    EXPECT_TRUE(text.starts_with("Usage of toxiproxy-server:\n"));
    for (auto const* line :
         {"  -config string\n", "  -host string\n", "  -port string\n", "  -seed int\n",
          "  -proxy-metrics\n", "  -runtime-metrics\n", "  -version\n", "  -no-extras\n",
          "  -ignore-body-toxics\n", "  -packet-loss string\n", "  -threads int\n",
          "  -keep-alive int\n", "  -half-closed-limit int\n"})
        EXPECT_NE(text.find(line), text.npos) << line;
}

}  // namespace
}  // namespace aconite::daemon
