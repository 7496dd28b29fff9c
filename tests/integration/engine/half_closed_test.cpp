// Connections that one side has ended and the other overlooks.
#include "tests/integration/engine/engine_fixture.hpp"

#include <future>

namespace aconite::testing {
namespace {

using namespace std::chrono_literals;

/// A server that reads up to the end and then forgets the connection, until it is destroyed.
class forgetful_server {
public:
    explicit forgetful_server(std::string answer = "")
        : server_([this, answer = std::move(answer)](client_socket peer) {
              peer.receive_all();
              peer.send(answer);
              let_go_.get_future().wait();
          })
    {}
    ~forgetful_server() { let_go_.set_value(); }
    [[nodiscard]] std::string const& address() const { return server_.address(); }

private:
    std::promise<void> let_go_;
    upstream_server server_;
};

/// How the only connection ended, as the journal tells.
journal_record end_of_the_connection(engine& e)
{
    journal_page page;
    journal_query const ends{.kinds = 1 << static_cast<int>(record_kind::close)};
    EXPECT_TRUE(eventually([&] {
        page = e.read_journal(ends).value();
        return !page.records.empty();
    }));
    return page.records.empty() ? journal_record{} : page.records.front();
}

TEST(half_closed, is_reset_when_idle_for_too_long)
{
    forgetful_server const server;
    proxied p(server.address(), {.half_closed_limit = 200ms});
    client_socket client(p.listen);
    client.send("question");

    auto const took = time_of([&] {
        client.shut_write();
        EXPECT_TRUE(client.sees_reset());
    });

    EXPECT_GE(took, 200ms);
    EXPECT_TRUE(eventually([&] { return p.engine.connections().empty(); }));
    auto const end = end_of_the_connection(p.engine);
    EXPECT_EQ(end.by, ended_by::proxy);
    EXPECT_EQ(end.end, ending::reset);
    EXPECT_EQ(end.text, "half-closed, then idle for too long");
}

TEST(half_closed, is_reset_too_when_the_client_overlooks_the_end)
{
    upstream_server const server([](client_socket peer) {
        peer.send("bye");
        peer.shut_write();
        peer.sees_reset();
    });
    proxied p(server.address(), {.half_closed_limit = 200ms});
    client_socket client(p.listen);

    EXPECT_EQ(client.receive_all(), "bye");

    EXPECT_EQ(end_of_the_connection(p.engine).text, "half-closed, then idle for too long");
}

TEST(half_closed, lives_as_long_as_there_is_an_answer)
{
    upstream_server const server([](client_socket peer) {
        peer.receive_all();
        for (int i = 0; i < 10; ++i) {
            std::this_thread::sleep_for(60ms);  // the pace of the answer
            peer.send("x");
        }
    });
    proxied p(server.address(), {.half_closed_limit = 300ms});
    client_socket client(p.listen);
    client.shut_write();

    EXPECT_EQ(client.receive_all(), "xxxxxxxxxx");
}

TEST(half_closed, is_not_idle_while_a_toxic_holds_the_answer)
{
    forgetful_server const server("answer");
    proxied p(server.address(), {.half_closed_limit = 150ms});
    p.add("latency", stream::downstream, {{"latency", 600}});
    client_socket client(p.listen);
    client.shut_write();

    EXPECT_EQ(client.receive(6), "answer");
    EXPECT_TRUE(client.sees_reset());
}

TEST(half_closed, is_left_to_a_toxic_that_is_to_end_it)
{
    forgetful_server const server;
    proxied p(server.address(), {.half_closed_limit = 150ms});
    p.add("timeout", stream::downstream, {{"timeout", 600}});
    client_socket client(p.listen);
    client.shut_write();

    EXPECT_EQ(client.receive_all(), "");

    auto const end = end_of_the_connection(p.engine);
    EXPECT_GE(end.took, 600ms);
    EXPECT_EQ(end.text, "");
}

TEST(half_closed, is_no_state_of_a_connection_whose_end_a_toxic_delays)
{
    upstream_server const server([](client_socket peer) {
        EXPECT_EQ(peer.receive_all(), "question");
        peer.send("answer");
    });
    proxied p(server.address(), {.half_closed_limit = 150ms});
    p.add("slow_close", stream::upstream, {{"delay", 600}});
    client_socket client(p.listen);
    client.send("question");
    client.shut_write();

    EXPECT_EQ(client.receive_all(), "answer");
}

TEST(half_closed, may_be_for_ever)
{
    forgetful_server const server;
    proxied p(server.address(), {.half_closed_limit = 0ms});
    client_socket client(p.listen);
    client.shut_write();
    ASSERT_TRUE(eventually([&] { return p.engine.connections().size() == 1; }));

    p.engine.remove("p").value();

    EXPECT_EQ(client.receive_all(), "");
    EXPECT_EQ(end_of_the_connection(p.engine).text, "");
}

}  // namespace
}  // namespace aconite::testing
