#include "api/http/web_file.hpp"
#include "api/routes/handlers.hpp"

#include <gtest/gtest.h>

#include <string>

namespace aconite::api {
namespace {

TEST(page, its_files_can_be_read_without_leaving_out_a_byte)
{
    ASSERT_GE(web_files().size(), 3U);
    for (auto const& file : web_files()) {
        EXPECT_FALSE(file.text.empty()) << file.name;
        EXPECT_TRUE(file.text.ends_with("\n")) << file.name;
        EXPECT_EQ(file.text.find('\0'), file.text.npos) << file.name;
    }
}

TEST(page, each_file_has_a_type_and_a_policy)
{
    router const routes(page_routes());
    for (auto const& file : web_files()) {
        auto const path = file.name == "index.html" ? "/" : "/page/" + std::string(file.name);
        request asked(http::verb::get, path, 11);
        asked.set(http::field::user_agent, "Mozilla/5.0");
        asked.set("Sec-Fetch-Site", "cross-site");  // a link from elsewhere leads here
        auto const done = follow(routes.find(asked), asked, {});
        EXPECT_EQ(done.answer.result_int(), 200U) << path;
        EXPECT_EQ(done.answer.body(), file.text) << path;
        EXPECT_FALSE(done.answer[http::field::content_type].empty()) << path;
        EXPECT_NE(done.answer["Content-Security-Policy"].find("default-src 'none'"),
                  boost::beast::string_view::npos);
    }
}

}  // namespace
}  // namespace aconite::api
