#include "clients/cli/text/format.hpp"
#include "clients/cli/text/table.hpp"

#include <gtest/gtest.h>

namespace aconite::cli {
namespace {

using nlohmann::json;

constexpr style script{};
constexpr style person{.table = true, .colour = false};
constexpr style person_in_colour{.table = true, .colour = true};

json const proxies = json::parse(R"({
    "web": {"name": "web", "listen": "[::]:80", "upstream": "b:2", "enabled": false, "toxics": []},
    "redis": {"name": "redis", "listen": "127.0.0.1:1", "upstream": "a:1", "enabled": true,
              "toxics": [{"name": "slow", "type": "latency", "stream": "downstream",
                          "toxicity": 0.333, "attributes": {"latency": 1000000, "jitter": 5}},
                         {"name": "none", "type": "noop", "stream": "upstream",
                          "toxicity": 1, "attributes": {}}]}})");

TEST(cli_format, lists_proxies_for_scripts_as_the_reference_does)
{
    EXPECT_EQ(format_proxies(proxies, nullptr, script), "redis\t127.0.0.1:1\ta:1\tenabled\t2\n"
                                                        "web\t[::]:80\tb:2\tdisabled\t0\n");
    EXPECT_EQ(format_proxies(json::object(), nullptr, script), "");
}

TEST(cli_format, lists_toxics_for_scripts_as_the_reference_does)
{
    EXPECT_EQ(format_proxy(proxies["redis"], script),
              "slow\ttype=latency\tstream=downstream\ttoxicity=0.33\t"
              "attributes=[\tjitter=5\tlatency=1000000\t]\n"
              "none\ttype=noop\tstream=upstream\ttoxicity=1.00\tattributes=[\t]\n");
    EXPECT_EQ(format_proxy(proxies["web"], script), "");
}

TEST(cli_format, lines_columns_up_for_people)
{
    EXPECT_EQ(format_proxies(proxies, nullptr, person),
              "NAME   LISTEN       UPSTREAM  STATE     TOXICS\n"
              "redis  127.0.0.1:1  a:1       enabled   2\n"
              "web    [::]:80      b:2       disabled  0\n");
}

TEST(cli_format, lists_totals_where_there_are_any)
{
    auto const stats = json::parse(R"([{"name": "redis", "connections": {"open": 1, "total": 9},
        "received_bytes": {"upstream": 10, "downstream": 20},
        "sent_bytes": {"upstream": 30, "downstream": 40}, "hits": 5}])");
    EXPECT_EQ(format_proxies(proxies, stats, script),
              "redis\t127.0.0.1:1\ta:1\tenabled\t2\t1\t9\t10\t40\t5\n"
              "web\t[::]:80\tb:2\tdisabled\t0\t0\t0\t0\t0\t0\n");
    EXPECT_EQ(format_proxies(proxies, stats, person),
              "NAME   LISTEN       UPSTREAM  STATE     TOXICS  OPEN  CONNECTIONS  BYTES IN  "
              "BYTES OUT  HITS\n"
              "redis  127.0.0.1:1  a:1       enabled   2       1     9            10        "
              "40         5\n"
              "web    [::]:80      b:2       disabled  0       0     0            0         "
              "0          0\n");
}

TEST(cli_format, gives_people_units)
{
    EXPECT_EQ(format_proxy(proxies["redis"], person),
              "redis  127.0.0.1:1 -> a:1  enabled\n\n"
              "TOXIC  TYPE     STREAM      TOXICITY  ATTRIBUTES\n"
              "slow   latency  downstream  0.333     jitter 5 ms, latency 1000000 ms\n"
              "none   noop     upstream    1         \n");
}

TEST(cli_format, tells_people_of_brokers)
{
    auto kafka = proxies["web"];
    kafka["brokers"] = json::parse(R"({"ports": "5-6", "seen": [
        {"id": 1, "listen": "127.0.0.1:5", "upstream": "kafka-1:9092"},
        {"id": 20, "listen": "", "upstream": "k\n:9092"}]})");
    EXPECT_EQ(format_proxy(kafka, person), "web  [::]:80 -> b:2  disabled\n\n"
                                           "BROKER  LISTEN       UPSTREAM\n"
                                           "1       127.0.0.1:5  kafka-1:9092\n"
                                           "20                   k\\n:9092\n\n"
                                           "no toxics: add one with the command toxic add\n");
    EXPECT_EQ(format_proxy(kafka, script), "");
}

TEST(cli_format, tells_people_what_aims_a_toxic)
{
    constexpr style with_aims{.table = true, .colour = false, .aims = true};
    EXPECT_EQ(format_proxy(proxies["redis"], with_aims), format_proxy(proxies["redis"], person));

    auto aimed = proxies["redis"];
    aimed["toxics"][1].update(json::parse(R"({
        "match": {"client": "::1", "every": 2}, "trigger": {"times": 1}, "ttl": 5000, "seed": 42,
        "lease": "abc", "schedule": [{"at": 1, "add": true}], "active": false})"));
    EXPECT_EQ(format_proxy(aimed, with_aims),
              "redis  127.0.0.1:1 -> a:1  enabled\n\n"
              "TOXIC  TYPE     STREAM      TOXICITY  ATTRIBUTES                       AIM\n"
              "slow   latency  downstream  0.333     jitter 5 ms, latency 1000000 ms  \n"
              "none   noop     upstream    1                                          "
              "match client ::1, every 2; trigger times 1; ttl 5000 ms; schedule of 1; seed 42; "
              "lease abc; inactive\n");
    EXPECT_EQ(format_proxy(aimed, person), format_proxy(proxies["redis"], person));
    EXPECT_EQ(format_proxy(aimed, script), format_proxy(proxies["redis"], script));
}

TEST(cli_format, tells_people_what_to_do_when_there_is_nothing)
{
    EXPECT_NE(format_proxies(json::object(), nullptr, person).find("create"), std::string::npos);
    EXPECT_NE(format_proxy(proxies["web"], person).find("toxic add"), std::string::npos);
}

TEST(cli_format, colours_only_when_asked_and_keeps_the_columns)
{
    auto text = format_proxies(proxies, nullptr, person_in_colour);
    EXPECT_NE(text.find("\x1b[32menabled\x1b[0m   2"), std::string::npos) << text;
    EXPECT_NE(text.find("\x1b[31mdisabled\x1b[0m  0"), std::string::npos) << text;
    EXPECT_EQ(format_proxies(proxies, nullptr, person).find('\x1b'), std::string::npos);
}

TEST(cli_table, counts_characters_and_shows_no_control_codes)
{
    table rows({"A", "B"});
    rows.add({"\xC3\xB6\xC3\xB6", "x"});
    rows.add({"a\x1b[2J", "y"});
    EXPECT_EQ(rows.text(false), "A         B\n\xC3\xB6\xC3\xB6        x\na\\x1b[2J  y\n");
}

TEST(cli_format, prints_json_that_no_terminal_obeys)
{
    json const value{{"name", "a\x1b\x7f\xC2\x9B\xC3\xB6\xC2\xA0"}};
    auto const text = to_text(value);
    EXPECT_EQ(text, "{\n  \"name\": \"a\\u001b\\u007f\\u009b\xC3\xB6\xC2\xA0\"\n}\n");
    EXPECT_EQ(json::parse(text), value);
}

TEST(cli_format, shows_names_escaped_to_scripts_too)
{
    auto odd = proxies["redis"];
    odd["name"] = "a\tb\x1b[2J";
    odd["toxics"][0]["name"] = "x\ny";
    EXPECT_EQ(format_proxies({{"p", odd}}, nullptr, script),
              "a\\tb\\x1b[2J\t127.0.0.1:1\ta:1\tenabled\t2\n");
    EXPECT_TRUE(format_proxy(odd, script).starts_with("x\\ny\ttype="));
}

}  // namespace
}  // namespace aconite::cli
