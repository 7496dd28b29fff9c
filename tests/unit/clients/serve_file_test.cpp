#include "clients/cli/line/serve_file.hpp"

#include <gtest/gtest.h>

namespace aconite::cli {
namespace {

using words = std::vector<std::string>;

TEST(serve_file, is_what_stands_among_the_flags)
{
    EXPECT_EQ(serve_flags({}).value(), words{});
    EXPECT_EQ(serve_flags({"-port", "1", "-no-extras"}).value(),
              (words{"-port", "1", "-no-extras"}));
    EXPECT_EQ(serve_flags({"a.json"}).value(), (words{"-config", "a.json"}));
    EXPECT_EQ(serve_flags({"a.json", "-port", "1"}).value(),
              (words{"-port", "1", "-config", "a.json"}));
    EXPECT_EQ(serve_flags({"--host=x", "-no-extras", "a.json"}).value(),
              (words{"--host=x", "-no-extras", "-config", "a.json"}));
    EXPECT_EQ(serve_flags({"--", "a.json"}).value(), (words{"-config", "a.json"}));
    EXPECT_EQ(serve_flags({"-no-such", "a.json"}).value(),
              (words{"-no-such", "-config", "a.json"}));
}

TEST(serve_file, is_one)
{
    for (auto const& typed : std::vector<words>{{"a.json", "b.json"},
                                                {"a.json", "-config", "b.json"},
                                                {"--config=b.json", "a.json"},
                                                {""},
                                                {"-port", "1", ""}})
        EXPECT_FALSE(serve_flags(typed)) << typed.back();
    EXPECT_EQ(serve_flags({"a\x1b.json", "b"}).error().text,
              "there are several configurations, a\\x1b.json and b");
}

}  // namespace
}  // namespace aconite::cli
