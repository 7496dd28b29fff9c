#include "api/daemon/config_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include <unistd.h>

namespace aconite::daemon {
namespace {

result<std::vector<proxy_config>> read(std::string_view text, api::ignored_members* told = nullptr,
                                       std::string const& path = "c.json")
{
    auto const types = toxic_registry::builtin();
    api::ignored_members ignored;
    return read_config(path, text, {types}, told ? *told : ignored);
}

std::string fault_of(std::string_view text, std::string const& path = "c.json")
{
    auto const proxies = read(text, nullptr, path);
    return proxies ? "" : proxies.error().text;
}

TEST(config_file, reads_the_array_of_populate)
{
    auto const proxies = read(R"([{"name":"a","upstream":"u:1"},
                                  {"name":"b","upstream":"u:2","enabled":false}])");
    ASSERT_TRUE(proxies);
    ASSERT_EQ(proxies->size(), 2U);
    EXPECT_EQ((*proxies)[0].upstream, "u:1");
    EXPECT_FALSE((*proxies)[1].enabled);
}

TEST(config_file, tells_line_and_column_of_broken_json)
{
    EXPECT_TRUE(fault_of("[\n  {\"name\": x}\n]").starts_with("c.json:2:12: "))
        << fault_of("[\n  {\"name\": x}\n]");
    EXPECT_TRUE(fault_of("x").starts_with("c.json:1:1: ")) << fault_of("x");
}

TEST(config_file, is_one_value)
{
    EXPECT_EQ(fault_of("[] \n"), "");
    EXPECT_TRUE(fault_of("[]\n[{}]").starts_with("c.json:2:1: ")) << fault_of("[]\n[{}]");
    EXPECT_TRUE(fault_of("[] x").ends_with("expected end of input")) << fault_of("[] x");
}

TEST(config_file, tells_where_a_file_stops_too_early)
{
    EXPECT_TRUE(fault_of("[\n{").starts_with("c.json:2:")) << fault_of("[\n{");
    EXPECT_TRUE(fault_of("[\n{").ends_with(": unexpected EOF"));
    EXPECT_TRUE(fault_of("").ends_with(": EOF"));
}

TEST(config_file, tells_the_pointer_of_a_wrong_value)
{
    EXPECT_EQ(fault_of(R"([{"name":"a","upstream":"u:1"},{"name":5}])"),
              "c.json: /1/name must be a string, not the number 5");
    EXPECT_EQ(fault_of("{}"), "c.json: the body must be an array, not an object");
}

TEST(config_file, names_the_member_of_a_number_that_nothing_can_hold)
{
    EXPECT_EQ(fault_of(R"([{"name":"a","upstream":"u:1","toxics":[{"toxicity":1e400}]}])"),
              "c.json:1:57: /0/toxics/0/toxicity must be a number of 64 bits, not '1e400'");
    EXPECT_EQ(fault_of("[1, -1e400]"), "c.json:1:10: /1 must be a number of 64 bits, not '-1e400'");
    EXPECT_EQ(fault_of("1e400"), "c.json:1:5: the body must be a number of 64 bits, not '1e400'");
    EXPECT_LT(fault_of("[" + std::string(100'000, '9') + "]").size(), 200U);
    EXPECT_LT(fault_of(std::string(100'000, '[') + "1e400").size(), 200U);
}

TEST(config_file, tells_which_entry_misses_a_field)
{
    EXPECT_EQ(fault_of(R"([{"name":"a","upstream":"u:1"},{"upstream":"u:1"}])"),
              "c.json: missing required field: name at proxy 2");
    EXPECT_EQ(fault_of(R"([{"name":"a"}])"), "c.json: missing required field: upstream at proxy 1");
}

TEST(config_file, has_each_name_once)
{
    EXPECT_EQ(fault_of(R"([{"name":"a","upstream":"u:1"},{"name":"b","upstream":"u:1"},
                        {"name":"a","upstream":"u:1"}])"),
              "c.json: 'name' must be unique, and 'a' is used twice at proxy 3");
}

TEST(config_file, tells_an_address_that_nobody_could_listen_on)
{
    EXPECT_EQ(fault_of(R"([{"name":"a","upstream":"u:1","listen":"here"}])"),
              "c.json: 'listen' must be host:port: address here: missing port in address "
              "at proxy 1");
    EXPECT_EQ(fault_of(R"([{"name":"a","upstream":"u:1","listen":"x:65536"}])"),
              "c.json: 'listen' must be host:port: address 65536: invalid port at proxy 1");
    EXPECT_EQ(fault_of(R"([{"name":"a","upstream":"u:1","listen":"x:no-such-service"}])"),
              "c.json: 'listen' must be host:port: lookup tcp/no-such-service: unknown port "
              "at proxy 1");
    EXPECT_EQ(fault_of(R"([{"name":"a","upstream":"u:1","listen":"here","enabled":false}])"), "");
}

std::string fault_of_two(std::string const& one, std::string const& other,
                         std::string const& more = "")
{
    return fault_of(R"([{"name":"a","upstream":"u:1","listen":")" + one +
                    R"("},{"name":"b","upstream":"u:1","listen":")" + other + '"' + more + "}]");
}

TEST(config_file, tells_two_proxies_that_are_in_each_others_way)
{
    EXPECT_EQ(fault_of_two("localhost:1", ":1"),
              "c.json: 'listen' must not be that of another enabled proxy: 'a' (localhost:1) and "
              "'b' (:1) both want port 1 at proxy 2");
    char const* const same[][2] = {
        {"127.0.0.1:1", "127.0.0.1:1"}, {"127.0.0.1:1", "localhost:1"},
        {"127.0.0.1:1", ":1"},          {"0.0.0.0:1", "[::]:1"},
        {"[::1]:1", "0.0.0.0:1"},       {"[::1]:1", "[0::01]:1"},
        {"localhost:001", ":1"},        {"127.0.0.1:80", "127.0.0.1:http"},
        {"none.invalid:1", "[::]:1"}};
    for (auto const& [one, other] : same) {
        bool const both_known = std::string(one).find("invalid") == std::string::npos;
        EXPECT_EQ(!fault_of_two(one, other).empty(), both_known) << one << ' ' << other;
    }
}

TEST(config_file, lets_proxies_be_that_are_not)
{
    char const* const apart[][2] = {{"127.0.0.1:1", "127.0.0.1:2"},
                                    {"127.0.0.1:1", "127.0.0.2:1"},
                                    {"127.0.0.1:1", "[::1]:1"},
                                    {"127.0.0.1:0", "127.0.0.1:0"},
                                    {"", ""},
                                    {":", ":0"}};
    for (auto const& [one, other] : apart)
        EXPECT_EQ(fault_of_two(one, other), "") << one << ' ' << other;
    EXPECT_EQ(fault_of_two(":1", ":1", R"(,"enabled":false)"), "");
}

TEST(config_file, is_yaml_by_its_name)
{
    auto const yaml = "- name: a\n  upstream: u:1\n";
    for (auto const* path : {"c.yaml", "c.yml", "c.json.YAML"}) {
        auto const proxies = read(yaml, nullptr, path);
        ASSERT_TRUE(proxies) << path;
        EXPECT_EQ((*proxies)[0].upstream, "u:1");
    }
    EXPECT_TRUE(fault_of(yaml, "c.yaml.json").starts_with("c.yaml.json:1:2: "))
        << fault_of(yaml, "c.yaml.json");
    EXPECT_EQ(fault_of("- name: a\n  upstream: [", "c.yaml"),
              "c.yaml:2:1: end of sequence flow not found");
    EXPECT_EQ(fault_of("- name: a\n  upstream: 5", "c.yaml"),
              "c.yaml: /0/upstream must be a string, not the number 5");
}

TEST(config_file, expands_variables)
{
    ::setenv("ACONITE_TEST_HOST", "db", 1);
    ::unsetenv("ACONITE_TEST_NONE");
    auto const proxies =
        read(R"([{"name":"a","upstream":"${ACONITE_TEST_HOST}:${ACONITE_TEST_NONE:-1}"}])");
    ASSERT_TRUE(proxies);
    EXPECT_EQ((*proxies)[0].upstream, "db:1");
    EXPECT_EQ(fault_of(R"([{"name":"a","upstream":"${ACONITE_TEST_NONE}"}])"),
              "c.json: /0/upstream: the environment variable ACONITE_TEST_NONE is not set");
    ::unsetenv("ACONITE_TEST_HOST");
}

TEST(config_file, tells_unknown_members)
{
    api::ignored_members ignored;
    ASSERT_TRUE(read(R"([{"name":"a","upstream":"u:1","listn":"x"}])", &ignored));
    EXPECT_EQ(ignored, (api::ignored_members{"/0/listn"}));
}

TEST(config_file, names_a_file_that_is_not_there)
{
    auto const text = read_file("/nonexistent/c.json");
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().text, "open /nonexistent/c.json: No such file or directory");
}

TEST(config_file, names_a_folder_as_unreadable)
{
    auto const folder = std::filesystem::temp_directory_path().string();
    ASSERT_FALSE(read_file(folder));
    EXPECT_NE(read_file(folder).error().text.find(folder), std::string::npos);
}

TEST(config_file, is_not_read_without_end)
{
    ASSERT_FALSE(read_file("/dev/zero"));
    EXPECT_EQ(read_file("/dev/zero").error().text, "read /dev/zero: more than 16 MB");
}

TEST(config_file, is_read_whole)
{
    auto const path = std::filesystem::temp_directory_path() /
                      ("aconite-config-" + std::to_string(::getpid()) + ".json");
    std::string const long_text(10'000, ' ');
    std::ofstream(path) << long_text << "[]";
    auto const text = read_file(path.string());
    std::filesystem::remove(path);
    ASSERT_TRUE(text);
    EXPECT_EQ(*text, long_text + "[]");
}

}  // namespace
}  // namespace aconite::daemon
