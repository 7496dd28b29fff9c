// Addresses that nodes of a cluster tell are those of the proxy when a client gets them.
#include "tests/unit/toxics/redis/inside.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace {

using namespace aconite;
using namespace aconite::test::rd;

std::string const node_id(40, 'a');

TEST(redis_cluster_addresses, of_redirections_are_the_proxys)
{
    inside p;
    for (auto const& [told, made] : {
             std::pair{"-MOVED 3999 10.0.0.1:6379\r\n", "-MOVED 3999 proxy.test:19001\r\n"},
             std::pair{"-ASK 12 10.0.0.2:6380\r\n", "-ASK 12 proxy.test:19002\r\n"},
             std::pair{"-REDIRECT 10.0.0.1:6379\r\n", "-REDIRECT proxy.test:19001\r\n"},
             std::pair{"-MOVED 1 fd00::1:6379\r\n", "-MOVED 1 proxy.test:19003\r\n"},
             std::pair{"-MOVED 1 [fd00::1]:6379\r\n", "-MOVED 1 proxy.test:19003\r\n"},
             std::pair{"-MOVED 1 node.test:6379\r\n", "-MOVED 1 proxy.test:19004\r\n"},
             std::pair{"-MOVED 1 :6380\r\n", "-MOVED 1 proxy.test:19005\r\n"},
             std::pair{"-MOVED 1 ?:6380\r\n", "-MOVED 1 proxy.test:19005\r\n"},
             std::pair{"!24\r\nMOVED 3999 10.0.0.1:6379\r\n",
                       "!27\r\nMOVED 3999 proxy.test:19001\r\n"},
         })
        EXPECT_EQ(p.answer_to({"GET", "a"}, told), made);
    EXPECT_TRUE(p.bypasses.empty());
}

TEST(redis_cluster_addresses,
     of_a_redirection_are_put_in_whatever_it_stands_in_and_however_it_comes)
{
    std::string const told = "|1\r\n+a\r\n-MOVED 1 10.0.0.1:6379\r\n"
                             "*3\r\n:1\r\n*1\r\n-ASK 1 10.0.0.2:6380\r\n$5\r\nMOVED\r\n";
    std::string const made = "|1\r\n+a\r\n-MOVED 1 proxy.test:19001\r\n"
                             "*3\r\n:1\r\n*1\r\n-ASK 1 proxy.test:19002\r\n$5\r\nMOVED\r\n";
    for (std::size_t piece = 1; piece <= told.size(); ++piece) {
        inside p;
        EXPECT_EQ(p.answer_to({"EXEC"}, told, piece), made) << piece;
        EXPECT_EQ(p.answer_to({"GET", "a"}, bulk("b"), piece), bulk("b"));
    }
}

TEST(redis_cluster_addresses, of_other_errors_are_left)
{
    inside p;
    for (std::string const told :
         {"-ERR MOVED 1 10.0.0.1:6379\r\n", "-MOVED\r\n", "-MOVED 1\r\n", "-MOVED 1 10.0.0.1\r\n",
          "-MOVED  10.0.0.1:x\r\n", "-MOVED 1 10.0.0.1:70000\r\n", "-ASK 1 10.0.0.1:0\r\n", "-\r\n",
          "!0\r\n\r\n", "!-1\r\n", "-CLUSTERDOWN The cluster is down\r\n"})
        EXPECT_EQ(p.answer_to({"GET", "a"}, told), told);
    EXPECT_TRUE(p.bypasses.empty());
}

TEST(redis_cluster_addresses, of_a_node_that_cannot_be_kept_inside_pass_and_are_told)
{
    inside p;
    EXPECT_EQ(p.answer_to({"GET", "a"}, "-MOVED 1 10.9.9.9:6379\r\n"),
              "-MOVED 1 10.9.9.9:6379\r\n");
    std::string const long_host(300, 'h');
    std::string const told = "-MOVED 1 " + long_host + ":1\r\n";
    EXPECT_EQ(p.answer_to({"GET", "a"}, told), told);
    std::string const long_error = "-MOVED 1 10.0.0.1:6379 " + std::string(5000, 'x') + "\r\n";
    EXPECT_EQ(p.answer_to({"GET", "a"}, long_error, 100), long_error);
    EXPECT_EQ(p.bypasses,
              (std::vector<std::string>{"10.9.9.9:6379", long_host.substr(0, 255) + ":1",
                                        "an error that is too long passed as it was"}));
    p.own_place.reset();
    EXPECT_EQ(p.answer_to({"GET", "a"}, "-ASK 1 :6380\r\n"), "-ASK 1 :6380\r\n");
    EXPECT_EQ(p.bypasses.back(), ":6380");
}

TEST(redis_cluster_addresses, of_slots_are_the_proxys)
{
    auto const node = [](std::string_view host, int port, std::string_view more) {
        return "*4\r\n" + std::string(host) + ":" + std::to_string(port) + "\r\n" + bulk(node_id) +
               std::string(more);
    };
    auto const slots = [](std::string const& a, std::string const& b) {
        return "*2\r\n*4\r\n:0\r\n:5460\r\n" + a + b + "*3\r\n:5461\r\n:16383\r\n" + a;
    };
    auto const at = bulk("proxy.test");
    for (std::string const type : {"*4\r\n", "%2\r\n"}) {
        inside p;
        auto const names = [&](std::string_view name, std::string_view ip) {
            return type + bulk("hostname") + bulk(name) + bulk("ip") + bulk(ip);
        };
        // By IP address, and by name.
        EXPECT_EQ(p.answer_to({"cluster", "Slots"},
                              slots(node(bulk("10.0.0.1"), 6379, "*0\r\n"),
                                    node(bulk("node.test"), 6379, names("", "10.0.0.7")))),
                  slots(node(at, 19001, "*0\r\n"), node(at, 19004, names("", "proxy.test"))));
        // By none, or by one that is not known: the host that it is asked at, or what its IP tells.
        EXPECT_EQ(p.answer_to({"CLUSTER", "SLOTS"},
                              slots(node("$-1\r\n", 6380, names("node.test", "10.0.0.7")),
                                    node(bulk("?"), 6379, names("", "10.0.0.1")))),
                  slots(node(at, 19005, names("proxy.test", "proxy.test")),
                        node(at, 19001, names("", "proxy.test"))));
        EXPECT_EQ(p.answer_to({"CLUSTER", "SLOTS"},
                              slots(node("_\r\n", 6380, "*0\r\n"), node(bulk(""), 6380, "*0\r\n"))),
                  slots(node(at, 19005, "*0\r\n"), node(at, 19005, "*0\r\n")));
        EXPECT_TRUE(p.bypasses.empty());
    }
}

TEST(redis_cluster_addresses, of_shards_are_the_proxys)
{
    for (bool const maps : {false, true}) {
        auto const open = [&](int pairs) {
            return maps ? "%" + std::to_string(pairs) + "\r\n"
                        : "*" + std::to_string(pairs * 2) + "\r\n";
        };
        auto const shards = [&](std::string_view ip, std::string_view name, int port, int tls) {
            return "*1\r\n" + open(2) + bulk("slots") + "*2\r\n:0\r\n:16383\r\n" + bulk("nodes") +
                   "*1\r\n" + open(7) + bulk("id") + bulk(node_id) + bulk("port") + ":" +
                   std::to_string(port) + "\r\n" + bulk("tls-port") + ":" + std::to_string(tls) +
                   "\r\n" + bulk("ip") + bulk(ip) + bulk("endpoint") + std::string(name) +
                   bulk("hostname") + bulk("node.test") + bulk("role") + bulk("master");
        };
        auto const at = bulk("proxy.test");
        auto const renamed = [&](int port, int tls) {
            auto made = shards("proxy.test", at, port, tls);
            auto const name = bulk("node.test");
            return made.replace(made.find(name), name.size(), at);
        };
        inside p;
        EXPECT_EQ(p.answer_to({"CLUSTER", "SHARDS"}, shards("10.0.0.1", bulk("10.0.0.1"), 6379, 0)),
                  renamed(19001, 0));
        EXPECT_EQ(
            p.answer_to({"CLUSTER", "SHARDS"}, shards("10.0.0.7", bulk("node.test"), 6379, 0)),
            renamed(19004, 0));
        EXPECT_EQ(p.answer_to({"CLUSTER", "SHARDS"}, shards("10.0.0.7", "$-1\r\n", 6380, 6379)),
                  renamed(19005, 19006));
        EXPECT_EQ(p.answer_to({"CLUSTER", "SHARDS"}, shards("10.0.0.2", bulk("?"), 6380, 0)),
                  renamed(19002, 0));
        EXPECT_TRUE(p.bypasses.empty());
    }
}

TEST(redis_cluster_addresses, of_nodes_are_the_proxys)
{
    std::string const told =
        node_id + " 10.0.0.1:6379@16379 myself,master - 0 0 1 connected 0-5460\n" + node_id +
        " 10.0.0.2:6380@16380,node.test slave x 0 0 1 connected\n" + node_id +
        " fd00::1:6379@16379,,shard-node_id=x master - 0 0 1 connected\n" + node_id +
        " :6380@16380,a,b master - 0 0 1 connected [5-<-a]\n" + node_id +
        " :0@0 noaddr - 0 0 1 disconnected\n" + node_id + " 10.0.0.1:6379 master\n";
    std::string const made =
        node_id + " proxy.test:19001@16379 myself,master - 0 0 1 connected 0-5460\n" + node_id +
        " proxy.test:19002@16380,proxy.test slave x 0 0 1 connected\n" + node_id +
        " proxy.test:19003@16379,,shard-node_id=x master - 0 0 1 connected\n" + node_id +
        " proxy.test:19005@16380,proxy.test,b master - 0 0 1 connected [5-<-a]\n" + node_id +
        " :0@0 noaddr - 0 0 1 disconnected\n" + node_id + " proxy.test:19001 master\n";
    inside p;
    EXPECT_EQ(p.answer_to({"CLUSTER", "NODES"}, bulk(told)), bulk(made));
    EXPECT_EQ(p.answer_to({"CLUSTER", "NODES"}, verbatim(told)), verbatim(made));
    auto const first = [](std::string const& lines) { return lines.substr(0, lines.find('\n')); };
    for (auto const* const name : {"REPLICAS", "slaves"})
        EXPECT_EQ(p.answer_to({"CLUSTER", name, node_id}, list({first(told), first(told)})),
                  list({first(made), first(made)}));
    EXPECT_TRUE(p.bypasses.empty());
}

TEST(redis_cluster_addresses, are_put_in_however_the_answers_come)
{
    auto const told =
        "*1\r\n*3\r\n:0\r\n:1\r\n*3\r\n" + bulk("10.0.0.1") + ":6379\r\n" + bulk(node_id);
    auto const made =
        "*1\r\n*3\r\n:0\r\n:1\r\n*3\r\n" + bulk("proxy.test") + ":19001\r\n" + bulk(node_id);
    for (std::size_t piece = 1; piece <= told.size(); ++piece) {
        inside p;
        EXPECT_EQ(p.sends(command({"CLUSTER", "SLOTS"}) + command({"GET", "a"})),
                  command({"CLUSTER", "SLOTS"}) + command({"GET", "a"}));
        auto const push = list({"invalidate", "a"}, '>');
        EXPECT_EQ(p.answers_in(push + told + bulk("b"), piece), push + made + bulk("b")) << piece;
    }
}

TEST(redis_cluster_addresses, of_answers_that_cannot_be_changed_are_told)
{
    inside p;
    auto const large = bulk(std::string(2 << 20, 'x'));
    EXPECT_EQ(p.answer_to({"CLUSTER", "NODES"}, large, 4096), large);
    std::string many = "*70000\r\n";
    for (int i = 0; i < 70000; ++i)
        many += ":1\r\n";
    EXPECT_EQ(p.answer_to({"CLUSTER", "SLOTS"}, many), many);
    std::string deep;
    for (int i = 0; i < 100; ++i)
        deep += "*1\r\n";
    EXPECT_EQ(p.answer_to({"CLUSTER", "SLOTS"}, deep + ":1\r\n"), deep + ":1\r\n");
    EXPECT_EQ(p.answer_to({"CLUSTER", "SLOTS"}, queued), queued);
    EXPECT_EQ(p.bypasses, (std::vector<std::string>{
                              "an answer that is too large passed as it was",
                              "an answer of too many parts passed as it was",
                              "an answer of too many parts passed as it was",
                              "an answer in a transaction passes as it is",
                          }));
}

TEST(redis_cluster_addresses, of_answers_in_another_form_are_left)
{
    inside p;
    for (std::string const told :
         {"-ERR This instance has cluster support disabled\r\n", ":5\r\n", "*0\r\n", "*-1\r\n",
          "$-1\r\n", "_\r\n", "*1\r\n*0\r\n", "*1\r\n*3\r\n:0\r\n:1\r\n*0\r\n",
          "*1\r\n*3\r\n:0\r\n:1\r\n*2\r\n*0\r\n*0\r\n", "%1\r\n+nodes\r\n:1\r\n", "$1\r\nx\r\n"})
        for (auto const* const name : {"SLOTS", "SHARDS", "NODES", "REPLICAS"})
            EXPECT_EQ(p.answer_to({"CLUSTER", name}, told), told);
    EXPECT_TRUE(p.bypasses.empty());
    auto const nodes = bulk(node_id + " 10.0.0.1:6379@16379 master\n");
    EXPECT_EQ(p.answer_to({"CLUSTER", "KEYSLOT", "a"}, nodes), nodes);
    EXPECT_EQ(p.answer_to({"GET", "a"}, nodes), nodes);
}

TEST(redis_cluster_addresses, are_the_proxys_beside_toxics)
{
    auto const nodes = [](std::string_view at) {
        return bulk(node_id + " " + std::string(at) + " master");
    };
    inside p;
    auto const cut =
        p.add({{"fault", "truncate"}, {"bytes", 1000}}, {{"command", "CLUSTER NODES"}});
    EXPECT_EQ(p.answer_to({"CLUSTER", "NODES"}, nodes("10.0.0.1:6379@1")),
              nodes("proxy.test:19001@1"));
    EXPECT_EQ(p.hits.size(), 1U);
    EXPECT_EQ(p.answer_to({"GET", "a"}, "-MOVED 1 10.0.0.1:6379\r\n"),
              "-MOVED 1 proxy.test:19001\r\n");
    p.remove(cut);
    p.add({{"fault", "error"}, {"error", "ERR no"}, {"apply", "after"}}, {{"command", "GET"}});
    EXPECT_EQ(p.answer_to({"GET", "a"}, "-MOVED 1 10.0.0.1:6379\r\n"),
              "-MOVED 1 proxy.test:19001\r\n");
    EXPECT_EQ(p.answer_to({"GET", "a"}, bulk("b")), "-ERR no\r\n");
    inside q;
    q.add({{"fault", "truncate"}, {"bytes", 60}}, {{"command", "CLUSTER NODES"}});
    EXPECT_EQ(q.answer_to({"CLUSTER", "NODES"}, nodes("10.0.0.1:6379@1")),
              nodes("proxy.test:19001@1").substr(0, 60));
    EXPECT_EQ(q.ended[1], ending::reset);
}

}  // namespace
