// The handles do the same with an engine here and a server elsewhere.
#include "tests/integration/embedding/places.hpp"
#include "tests/support/sockets.hpp"

#include <aconite/scoped_proxy.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace aconite::testing {
namespace {

using namespace std::chrono_literals;

template <class Place>
class handles : public ::testing::Test {
protected:
    control& where() { return place_.at(); }

    /// What an upstream that sends back what it gets makes of "ping".
    static std::string ping(scoped_proxy const& through)
    {
        client_socket client(through.address());
        client.send("ping");
        return client.receive(4);
    }

    upstream_server echoes{echo};

private:
    Place place_;
};

using places = ::testing::Types<near_place, far_place>;
TYPED_TEST_SUITE(handles, places);

TYPED_TEST(handles, a_proxy_is_there_as_long_as_its_handle)
{
    {
        scoped_proxy const p(this->where(), "p", this->echoes.address());
        EXPECT_EQ(p.name(), "p");
        EXPECT_EQ(p.host(), "127.0.0.1");
        EXPECT_EQ(p.address(), "127.0.0.1:" + std::to_string(p.port()));
        EXPECT_EQ(this->ping(p), "ping");
        EXPECT_TRUE(p.wait_until(
            [](proxy_stats const& s) {
                return s.connections_total == 1 && s.connections_open == 0;
            },
            patience));
    }
    EXPECT_EQ(this->where().proxy("p").error().status, 404);
}

TYPED_TEST(handles, a_toxic_is_there_as_long_as_its_handle_and_tells_afterwards_what_it_did)
{
    scoped_proxy p(this->where(), "p", this->echoes.address());
    {
        auto slow = p.downstream("latency", {{"latency", 1}});
        EXPECT_EQ(slow.name(), "latency_downstream");
        EXPECT_EQ(slow.proxy(), "p");
        EXPECT_EQ(slow.hits(), 0U);
        EXPECT_FALSE(slow.wait_for_hits(1, 1ms));
        EXPECT_EQ(this->ping(p), "ping");
        EXPECT_TRUE(slow.wait_for_hits(1, patience));
        slow.update({{"latency", 2}});
        auto const attributes = this->where().toxic("p", slow.name()).value().attributes;
        EXPECT_NE(std::ranges::find(attributes, attribute_list::value_type{"latency", 2}),
                  attributes.end());
        slow.remove();
        slow.remove();
        EXPECT_EQ(slow.hits(), 1U);
    }
    {
        auto const up = p.upstream("stall", {{"duration", 1}}, {.trigger = {{"times", 1}}});
        EXPECT_EQ(this->where().toxics("p")->at(0).direction, stream::upstream);
    }
    EXPECT_TRUE(this->where().toxics("p")->empty());
}

TYPED_TEST(handles, of_two_toxics_of_one_name_each_tells_its_own)
{
    scoped_proxy p(this->where(), "p", this->echoes.address());
    auto first = p.downstream("latency", {{"latency", 1}});
    EXPECT_EQ(this->ping(p), "ping");
    EXPECT_TRUE(first.wait_for_hits(1, patience));
    first.remove();
    auto const second = p.downstream("latency", {{"latency", 1}});
    EXPECT_EQ(first.hits(), 1U);
    EXPECT_EQ(second.hits(), 0U);
}

TYPED_TEST(handles, a_handle_that_is_moved_removes_once)
{
    scoped_proxy p(this->where(), "p", this->echoes.address());
    scoped_proxy other(this->where(), "q", this->echoes.address());
    auto kept = p.downstream("latency", {{"latency", 1}});
    {
        auto moved = std::move(kept);
        kept = other.downstream("stall", {{"duration", 1}});
        EXPECT_EQ(this->where().toxics("p")->size(), 1U);
    }
    EXPECT_TRUE(this->where().toxics("p")->empty());
    EXPECT_EQ(this->where().toxics("q")->size(), 1U);

    p = std::move(other);
    EXPECT_EQ(this->where().proxy("p").error().status, 404);
    EXPECT_EQ(p.name(), "q");
    EXPECT_EQ(this->ping(p), "ping");
}

TYPED_TEST(handles, an_outage_ends_with_its_handle_on_the_same_port)
{
    scoped_proxy p(this->where(), "p", this->echoes.address());
    {
        auto const outage = p.down();
        EXPECT_THROW(this->ping(p), std::system_error);
    }
    EXPECT_EQ(this->ping(p), "ping");
}

TYPED_TEST(handles, a_toxic_that_ended_by_itself_is_no_problem)
{
    scoped_proxy p(this->where(), "p", this->echoes.address());
    auto brief = p.downstream("latency", {{"latency", 1}});
    this->where().reset().value();
    EXPECT_NO_THROW(brief.remove());
    EXPECT_EQ(brief.hits(), 0U);
}

TYPED_TEST(handles, a_refusal_is_thrown_with_its_text)
{
    scoped_proxy p(this->where(), "p", this->echoes.address());
    auto const text_of = [](auto call) -> std::string {
        try {
            call();
        } catch (std::runtime_error const& refused) {
            return refused.what();
        }
        return "nothing thrown";
    };
    EXPECT_EQ(text_of([&] { scoped_proxy const q(this->where(), "p", "a:1"); }),
              "proxy already exists");
    EXPECT_EQ(text_of([&] { auto const t = p.add({.type = "lag"}); }), "invalid toxic type");
    EXPECT_NE(text_of([&] {
                  auto const t = p.downstream("latency", {{"latency", -1}});
              }).find("latency"),
              std::string::npos);
    auto const one = p.downstream("latency");
    EXPECT_EQ(text_of([&] { auto const t = p.downstream("latency"); }), "toxic already exists");
}

TYPED_TEST(handles, handles_of_a_proxy_that_went_first_end_quietly)
{
    auto p = std::make_unique<scoped_proxy>(this->where(), "p", this->echoes.address());
    auto slow = p->downstream("latency", {{"latency", 1}});
    p.reset();
    EXPECT_NO_THROW(slow.remove());
    EXPECT_THROW(static_cast<void>(slow.hits()), std::runtime_error);
}

}  // namespace
}  // namespace aconite::testing
