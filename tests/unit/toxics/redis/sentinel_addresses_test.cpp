// Addresses that sentinels and replicated servers tell are those of the proxy when a client gets
// them.
#include "tests/unit/toxics/redis/inside.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace aconite;
using namespace aconite::test::rd;

TEST(redis_sentinel_addresses, of_a_master_are_the_proxys)
{
    inside p;
    EXPECT_EQ(p.answer_to({"sentinel", "get-master-addr-by-name", "m"}, list({"10.0.0.1", "6379"})),
              list({"proxy.test", "19001"}));
    EXPECT_EQ(p.answer_to({"SENTINEL", "GET-MASTER-ADDR-BY-NAME", "m"}, list({"fd00::1", "6379"})),
              list({"proxy.test", "19003"}));
    for (std::string const nobody : {"*-1\r\n", "_\r\n", "-IDONTKNOW\r\n"})
        EXPECT_EQ(p.answer_to({"SENTINEL", "GET-MASTER-ADDR-BY-NAME", "m"}, nobody), nobody);
    EXPECT_TRUE(p.bypasses.empty());
}

TEST(redis_sentinel_addresses, of_instances_are_the_proxys)
{
    using words = std::vector<std::string_view>;
    for (bool const maps : {false, true}) {
        auto const one = [&](words const& all) {
            auto made = maps ? "%" + std::to_string(all.size() / 2) + "\r\n"
                             : "*" + std::to_string(all.size()) + "\r\n";
            for (auto const each : all)
                made += bulk(each);
            return made;
        };
        auto const both = [&](words const& a, words const& b) {
            return "*2\r\n" + one(a) + one(b);
        };
        words const master{"name", "m", "ip", "10.0.0.1", "port", "6379", "flags", "master"};
        words const master_made{"name", "m",     "ip",    "proxy.test",
                                "port", "19001", "flags", "master"};
        words const replica{"name", "10.0.0.2:6380", "ip",       "10.0.0.2",    "port",
                            "6380", "master-host",   "10.0.0.1", "master-port", "6379"};
        words const replica_made{"name",  "proxy.test:19002", "ip",         "proxy.test",  "port",
                                 "19002", "master-host",      "proxy.test", "master-port", "19001"};
        words const lost{"name", "[fd00::1]:6379", "ip", "fd00::1",     "port",
                         "6379", "master-host",    "?",  "master-port", "0"};
        words const lost_made{"name",  "proxy.test:19003", "ip", "proxy.test",  "port",
                              "19003", "master-host",      "?",  "master-port", "0"};
        words const sentinel{"name", "abcdef0123", "ip", "node.test", "port", "6379"};
        words const sentinel_made{"name", "abcdef0123", "ip", "proxy.test", "port", "19004"};
        inside p;
        EXPECT_EQ(p.answer_to({"SENTINEL", "MASTERS"}, both(master, master)),
                  both(master_made, master_made));
        EXPECT_EQ(p.answer_to({"SENTINEL", "MASTER", "m"}, one(master)), one(master_made));
        for (auto const* const name : {"REPLICAS", "slaves"})
            EXPECT_EQ(p.answer_to({"SENTINEL", name, "m"}, both(replica, lost)),
                      both(replica_made, lost_made));
        EXPECT_EQ(p.answer_to({"SENTINEL", "SENTINELS", "m"}, both(sentinel, sentinel)),
                  both(sentinel_made, sentinel_made));
        EXPECT_TRUE(p.bypasses.empty());
    }
}

TEST(redis_sentinel_addresses, of_events_are_the_proxys)
{
    struct event {
        std::string_view channel;
        std::string_view told;
        std::string_view made;
    };
    constexpr event events[] = {
        {"+switch-master", "m 10.0.0.1 6379 10.0.0.2 6380", "m proxy.test 19001 proxy.test 19002"},
        {"+sdown", "master m 10.0.0.1 6379", "master m proxy.test 19001"},
        {"+odown", "master m 10.0.0.1 6379 #quorum 2/2", "master m proxy.test 19001 #quorum 2/2"},
        {"+slave", "slave 10.0.0.2:6380 10.0.0.2 6380 @ m 10.0.0.1 6379",
         "slave proxy.test:19002 proxy.test 19002 @ m proxy.test 19001"},
        {"+sentinel", "sentinel abc fd00::1 6379 @ m 10.0.0.1 6379",
         "sentinel abc proxy.test 19003 @ m proxy.test 19001"},
        {"+sentinel-address-switch", "master m 10.0.0.1 6379 ip node.test port 6379 for abc",
         "master m proxy.test 19001 ip proxy.test port 19004 for abc"},
        {"-sdown", "sentinel abc node.test 6379 @ m 10.0.0.1 6379",
         "sentinel abc proxy.test 19004 @ m proxy.test 19001"},
        {"__sentinel__:hello", "10.0.0.2,6380,abc,1,m,10.0.0.1,6379,0",
         "proxy.test,19002,abc,1,m,proxy.test,19001,0"},
        {"+new-epoch", "7", "7"},
        {"+tilt", "#tilt mode entered", "#tilt mode entered"},
        {"+sdown", "master m", "master m"},
    };
    for (char const type : {'*', '>'}) {
        for (auto const& each : events) {
            auto const told = list({"pmessage", "*", each.channel, each.told}, type);
            for (std::size_t piece = 1; piece <= told.size(); piece += 7) {
                inside p;
                p.sends(command({"PSUBSCRIBE", "*"}));
                EXPECT_EQ(
                    p.answers_in(list({"message", each.channel, each.told}, type) + told, piece),
                    list({"message", each.channel, each.made}, type) +
                        list({"pmessage", "*", each.channel, each.made}, type))
                    << each.channel << " " << piece;
            }
        }
    }
}

TEST(redis_sentinel_addresses, of_other_messages_are_left)
{
    inside p;
    p.sends(command({"SUBSCRIBE", "+switch-master", "news"}));
    for (auto const& told :
         {list({"message", "news", "m 10.0.0.1 6379 10.0.0.2 6380"}), list({"message", "+x", ""}),
          list({"subscribe", "+switch-master", "10.0.0.1"}),
          list({"message", "+sdown", "master m 10.0.0.1 6379" + std::string(5000, ' ')}),
          list({"message", "news", std::string(2 << 20, 'x')})})
        EXPECT_EQ(p.answers(told), told);
    EXPECT_TRUE(p.bypasses.empty());
    auto const large = list({"message", "+sdown", std::string(2 << 20, 'x')});
    EXPECT_EQ(p.answers(large), large);
}

TEST(redis_sentinel_addresses,
     of_a_subscriber_to_one_more_channel_than_are_looked_at_are_the_proxys)
{
    inside p;
    p.sends(command({"SUBSCRIBE", "a", "b", "c", "d", "e", "f", "g", "+switch-master"}));
    EXPECT_EQ(p.answers(list({"message", "+switch-master", "m 10.0.0.1 6379 10.0.0.2 6380"})),
              list({"message", "+switch-master", "m proxy.test 19001 proxy.test 19002"}));
}

TEST(redis_sentinel_addresses, of_roles_are_the_proxys)
{
    auto const master = [](std::string_view a, std::string_view port) {
        return "*3\r\n" + bulk("master") + ":5\r\n*1\r\n" + list({a, port, "5"});
    };
    auto const replica = [](std::string_view a, std::string_view port) {
        return "*5\r\n" + bulk("slave") + bulk(a) + ":" + std::string(port) + "\r\n" +
               bulk("connected") + ":5\r\n";
    };
    auto const sentinel = "*2\r\n" + bulk("sentinel") + list({"m"});
    inside p;
    EXPECT_EQ(p.answer_to({"ROLE"}, master("10.0.0.2", "6380")), master("proxy.test", "19002"));
    EXPECT_EQ(p.answer_to({"role"}, replica("10.0.0.1", "6379")), replica("proxy.test", "19001"));
    EXPECT_EQ(p.answer_to({"ROLE"}, sentinel), sentinel);
    EXPECT_TRUE(p.bypasses.empty());
}

TEST(redis_sentinel_addresses, of_info_are_the_proxys)
{
    std::string const told = "# Replication\r\nrole:slave\r\nmaster_host:10.0.0.1\r\n"
                             "master_port:6379\r\nslave0:ip=10.0.0.2,port=6380,state=online\r\n"
                             "slaves:2\r\nslave_read_only:1\r\nslave1:state=x\r\n# Sentinel\r\n"
                             "sentinel_masters:1\r\n"
                             "master0:name=m,status=ok,address=10.0.0.1:6379,slaves=2\r\n"
                             "master_host:10.0.0.1\r\nend:\r\nmaster_host:x";
    std::string const made = "# Replication\r\nrole:slave\r\nmaster_host:proxy.test\r\n"
                             "master_port:19001\r\nslave0:ip=proxy.test,port=19002,state=online\r\n"
                             "slaves:2\r\nslave_read_only:1\r\nslave1:state=x\r\n# Sentinel\r\n"
                             "sentinel_masters:1\r\n"
                             "master0:name=m,status=ok,address=proxy.test:19001,slaves=2\r\n"
                             "master_host:10.0.0.1\r\nend:\r\nmaster_host:x";
    inside p;
    EXPECT_EQ(p.answer_to({"INFO", "replication"}, bulk(told)), bulk(made));
    EXPECT_EQ(p.answer_to({"info"}, verbatim(told)), verbatim(made));
    auto const cache = [](std::string const& info) {
        return "*2\r\n" + bulk("m") + "*1\r\n*2\r\n:5\r\n" + bulk(info);
    };
    EXPECT_EQ(p.answer_to({"SENTINEL", "INFO-CACHE", "m"}, cache(told)), cache(made));
    EXPECT_TRUE(p.bypasses.empty());
}

}  // namespace
