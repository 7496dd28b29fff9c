#include "api/daemon/config_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include <unistd.h>

namespace aconite::daemon {
namespace {

result<std::vector<proxy_config>> read(std::string_view text, api::ignored_members* told = nullptr)
{
    auto const types = toxic_registry::builtin();
    api::ignored_members ignored;
    return read_config("c.json", text, {types}, told ? *told : ignored);
}

std::string fault(std::string_view text)
{
    auto const proxies = read(text);
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
    EXPECT_TRUE(fault("[\n  {\"name\": x}\n]").starts_with("c.json:2:12: "))
        << fault("[\n  {\"name\": x}\n]");
    EXPECT_TRUE(fault("x").starts_with("c.json:1:1: ")) << fault("x");
}

TEST(config_file, tells_where_a_file_stops_too_early)
{
    EXPECT_TRUE(fault("[\n{").starts_with("c.json:2:")) << fault("[\n{");
    EXPECT_TRUE(fault("[\n{").ends_with(": unexpected EOF"));
    EXPECT_TRUE(fault("").ends_with(": EOF"));
}

TEST(config_file, tells_the_pointer_of_a_wrong_value)
{
    EXPECT_EQ(fault(R"([{"name":"a","upstream":"u:1"},{"name":5}])"),
              "c.json: /1/name must be a string, not the number 5");
    EXPECT_EQ(fault("{}"), "c.json: the body must be an array, not an object");
}

TEST(config_file, tells_which_entry_misses_a_field)
{
    EXPECT_EQ(fault(R"([{"name":"a","upstream":"u:1"},{"upstream":"u:1"}])"),
              "c.json: /1: missing required field: name at proxy 2");
    EXPECT_EQ(fault(R"([{"name":"a"}])"),
              "c.json: /0: missing required field: upstream at proxy 1");
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
