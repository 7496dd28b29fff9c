#include "api/http/router.hpp"

#include "api/http/path.hpp"

#include <gtest/gtest.h>

#include <set>

namespace aconite::api {
namespace {

using http::verb;

/// Answers with the decoded names of the path.
router echo_router()
{
    auto const echo = [](call& c) {
        auto answer = text_answer(http::status::ok, "");
        for (auto const& name : c.names)
            answer.body() += "[" + name + "]";
        return answer;
    };
    return router({{{verb::get}, "/things", route_doc{"List"}, echo},
                   {{verb::post, verb::patch}, "/things/{thing}", route_doc{"Update"}, echo},
                   {{verb::get}, "/things/{thing}/parts/{part}", route_doc{"Part"}, echo},
                   {{verb::post}, "/things", route_doc{"Create"}, echo, true},
                   {{}, "/any", route_doc{"Any"}, echo}});
}

routed ask(verb method, std::string_view target,
           std::vector<std::pair<std::string, std::string>> const& headers = {})
{
    request r(method, {target.data(), target.size()}, 11);
    for (auto const& [name, value] : headers)
        r.set(name, value);
    auto const routes = echo_router();
    return follow(routes.find(r), r, {});
}

TEST(router, gives_a_handler_the_decoded_names)
{
    EXPECT_EQ(ask(verb::get, "/things/a/parts/b%20c").answer.body(), "[a][b c]");
    EXPECT_EQ(ask(verb::post, "/things/%C3%BC").answer.body(), "[\xC3\xBC]");
}

TEST(router, tells_which_requests_may_wait)
{
    auto const routes = echo_router();
    auto const waits = [&](verb method, char const* target) {
        auto const found = routes.find(request(method, target, 11));
        return found.to != nullptr && found.to->waits;
    };
    EXPECT_TRUE(waits(verb::post, "/things?a=b"));
    EXPECT_FALSE(waits(verb::get, "/things"));
    EXPECT_FALSE(waits(verb::post, "/things/a"));
    EXPECT_FALSE(waits(verb::post, "/nothing"));
}

TEST(router, takes_an_escaped_slash_as_part_of_a_name)
{
    EXPECT_EQ(ask(verb::post, "/things/a%2Fb").answer.body(), "[a/b]");
    EXPECT_EQ(ask(verb::post, "/things/a%2f%2Fb").answer.body(), "[a//b]");
}

TEST(router, decodes_a_name_only_once)
{
    EXPECT_EQ(ask(verb::post, "/things/a%252Fb").answer.body(), "[a%2Fb]");
}

TEST(router, ignores_the_query)
{
    EXPECT_EQ(ask(verb::get, "/things?a=/b").answer.result_int(), 200U);
    EXPECT_EQ(ask(verb::get, "/things?").answer.result_int(), 200U);
}

TEST(router, takes_an_absolute_target)
{
    EXPECT_EQ(ask(verb::get, "http://host:1/things").answer.result_int(), 200U);
}

TEST(router, answers_404_in_plain_text_for_an_unknown_path)
{
    for (auto const* path :
         {"/", "/nope", "/things/", "/Things", "/things/a/", "/things/a/parts"}) {
        auto const done = ask(verb::get, path);
        EXPECT_EQ(done.answer.result_int(), 404U) << path;
        EXPECT_EQ(done.answer.body(), "404 page not found\n");
        EXPECT_TRUE(done.request_id.empty());
    }
}

TEST(router, answers_405_without_body_and_allow_for_a_wrong_method)
{
    for (auto const method : {verb::put, verb::head, verb::options, verb::delete_}) {
        auto const done = ask(method, "/things");
        EXPECT_EQ(done.answer.result_int(), 405U);
        EXPECT_EQ(done.answer.body(), "");
        EXPECT_EQ(done.answer.count(http::field::allow), 0U);
        EXPECT_EQ(done.answer.count("X-Toxiproxy-Request-Id"), 0U);
    }
}

TEST(router, takes_any_method_where_a_route_names_none)
{
    EXPECT_EQ(ask(verb::delete_, "/any").answer.result_int(), 200U);
    EXPECT_EQ(ask(verb::head, "/any").answer.result_int(), 200U);
}

TEST(router, sends_an_unclean_path_to_the_clean_one)
{
    auto const location = [](char const* target) {
        auto const answer = ask(verb::get, target).answer;
        EXPECT_EQ(answer.result_int(), 301U) << target;
        auto const text = answer[http::field::location];
        return std::string(text.data(), text.size());
    };
    EXPECT_EQ(location("//things"), "/things");
    EXPECT_EQ(location("/things/../any/."), "/any");
    EXPECT_EQ(location("/../x//y/?q=//"), "/x/y/?q=//");
}

TEST(router, refuses_a_broken_escape)
{
    for (auto const* path : {"/things/%", "/things/%4", "/things/%zz"})
        EXPECT_EQ(ask(verb::post, path).answer.result_int(), 400U) << path;
}

TEST(router, gives_every_matched_request_an_id_of_its_own)
{
    std::set<std::string> ids;
    for (int i = 0; i < 100; ++i) {
        auto const done = ask(verb::get, "/things");
        EXPECT_EQ(done.request_id.size(), 20U);
        EXPECT_EQ(done.answer["X-Toxiproxy-Request-Id"], done.request_id);
        ids.insert(done.request_id);
    }
    EXPECT_EQ(ids.size(), 100U);
}

TEST(router, turns_browsers_away_on_matched_routes_only)
{
    std::vector<std::pair<std::string, std::string>> const browser{{"User-Agent", "Mozilla/5.0"}};
    auto const done = ask(verb::get, "/things", browser);
    EXPECT_EQ(done.answer.result_int(), 403U);
    EXPECT_EQ(done.answer.body(), "User agent not allowed\n");
    EXPECT_EQ(done.request_id.size(), 20U);
    EXPECT_EQ(ask(verb::get, "/nope", browser).answer.result_int(), 404U);
    EXPECT_EQ(ask(verb::put, "/things", browser).answer.result_int(), 405U);
}

TEST(router, turns_requests_of_other_sites_away)
{
    auto const status = [](std::vector<std::pair<std::string, std::string>> headers) {
        headers.emplace_back("Host", "localhost:8474");
        return ask(verb::get, "/things", headers).answer.result_int();
    };
    EXPECT_EQ(status({{"Origin", "http://evil.example"}}), 403U);
    EXPECT_EQ(status({{"Origin", "http://localhost:9999"}}), 403U);
    EXPECT_EQ(status({{"Origin", "null"}}), 403U);
    EXPECT_EQ(status({{"Sec-Fetch-Site", "cross-site"}}), 403U);
    EXPECT_EQ(status({{"Sec-Fetch-Site", "same-site"}}), 403U);
    EXPECT_EQ(status({{"Sec-Fetch-Site", "same-origin"}, {"Origin", "http://localhost:8474"}}),
              200U);
}

TEST(router, lets_scripts_pass_by_any_host_name)
{
    EXPECT_EQ(ask(verb::get, "/things", {{"Host", "toxiproxy.test"}}).answer.result_int(), 200U);
    EXPECT_EQ(ask(verb::get, "/things", {{"User-Agent", "mozilla/5"}}).answer.result_int(), 200U);
    // Node's fetch says this much of itself.
    EXPECT_EQ(ask(verb::get, "/things", {{"Sec-Fetch-Mode", "cors"}, {"User-Agent", "node"}})
                  .answer.result_int(),
              200U);
}

TEST(router, names_ignored_fields_in_a_header)
{
    router const warns({{{verb::get}, "/", route_doc{"Warn"}, [](call& c) {
                             c.ignored = {"/a", "/b/c"};
                             return empty_answer(http::status::no_content);
                         }}});
    request const asked(verb::get, "/", 11);
    auto const done = follow(warns.find(asked), asked, {});
    EXPECT_EQ(done.answer["Aconite-Warning"], "ignored unknown fields: /a, /b/c");
    EXPECT_EQ(done.ignored, (ignored_members{"/a", "/b/c"}));
}

}  // namespace
}  // namespace aconite::api
