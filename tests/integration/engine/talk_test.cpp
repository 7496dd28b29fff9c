// Connections whose protocol is followed: what a conversation lets go arrives whole and in order.
#include "engine_fixture.hpp"

#include <aconite/conversation.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace aconite::testing {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t block_bytes = 1'000'003;
constexpr int blocks = 20;

/// Lets everything pass as it came.
class passing : public conversation {
public:
    void on_data(stream on, std::string_view bytes, conversation_context& link) override
    {
        link.send(on, bytes);
    }
    void on_end(stream on, ending how, conversation_context& link) override
    {
        link.end(on, how, 0);
    }
    void on_alarm(conversation_context&) override {}
    void on_change(conversation_context&) override {}
    [[nodiscard]] std::size_t held_bytes(stream) const override { return 0; }
    [[nodiscard]] std::uint64_t unseen_bytes(stream) const override { return 0; }
    void on_unseen(stream, std::uint64_t) override {}
};

/// Wants to see a byte, and then none of the next million.
class glancing final : public passing {
public:
    void on_data(stream on, std::string_view bytes, conversation_context& link) override
    {
        auto& left = left_[static_cast<std::size_t>(on)];
        left = left >= bytes.size() ? left - bytes.size() : 1'000'000;
        link.send(on, bytes);
    }
    [[nodiscard]] std::uint64_t unseen_bytes(stream on) const override
    {
        return left_[static_cast<std::size_t>(on)];
    }
    void on_unseen(stream on, std::uint64_t count) override
    {
        left_[static_cast<std::size_t>(on)] -= count;
    }

private:
    std::array<std::uint64_t, stream_count> left_{};
};

/// Keeps what comes for a millisecond.
class holding final : public passing {
public:
    void on_data(stream on, std::string_view bytes, conversation_context& link) override
    {
        kept_[static_cast<std::size_t>(on)].append(bytes);
        link.wake_at(later(link.now(), 1ms));
    }
    void on_alarm(conversation_context& link) override
    {
        for (auto const on : {stream::upstream, stream::downstream}) {
            auto const i = static_cast<std::size_t>(on);
            link.send(on, std::exchange(kept_[i], {}));
            if (auto const how = std::exchange(ended_[i], {}))
                link.end(on, *how, 0);
        }
    }
    void on_end(stream on, ending how, conversation_context& link) override
    {
        ended_[static_cast<std::size_t>(on)] = how;
        link.wake_at(link.now());
    }
    [[nodiscard]] std::size_t held_bytes(stream on) const override
    {
        return kept_[static_cast<std::size_t>(on)].size();
    }

private:
    std::array<std::string, stream_count> kept_;
    std::array<std::optional<ending>, stream_count> ended_;
};

/// Has each request of three bytes answered by itself.
class answering final : public passing {
public:
    void on_data(stream on, std::string_view bytes, conversation_context& link) override
    {
        if (on == stream::upstream)
            link.send(stream::downstream, bytes);
    }
};

template <class Conversation>
std::unique_ptr<conversation> make(std::shared_ptr<protocol_common> const&)
{
    return std::make_unique<Conversation>();
}

template <class Conversation>
constexpr protocol_type protocol{
    .name = "test", .summary = "for this test", .match = {}, .make = &make<Conversation>};

std::shared_ptr<operation_fault const> no_fault(attribute_values const&)
{
    return std::make_shared<operation_fault>();
}

/// A protocol is known through a toxic that names it.
template <class Conversation>
constexpr toxic_type of_protocol{.name = "test",
                                 .summary = "for this test",
                                 .attributes = {},
                                 .acts_on = stream::both,
                                 .protocol = &protocol<Conversation>,
                                 .fault = &no_fault};

template <class Conversation>
struct followed {
    explicit followed(std::string const& upstream)
    {
        engine_config config;
        config.toxics.add(of_protocol<Conversation>);
        engine = std::make_unique<aconite::engine>(std::move(config));
        listen = engine
                     ->create({.name = "p",
                               .listen = "127.0.0.1:0",
                               .upstream = upstream,
                               .protocol = "test"})
                     .value()
                     .listen;
    }
    void add(std::string type, stream direction, attribute_list attributes)
    {
        engine->add_toxic("p", {"", std::move(type), direction, 1, std::move(attributes)}).value();
    }

    std::unique_ptr<aconite::engine> engine;
    std::string listen;
};

/// Sends all blocks and takes them back, both at once. How many came back as they were.
int exchanged(std::string const& listen, std::string const& block)
{
    client_socket client(listen);
    auto sent = std::async(std::launch::async, [&] {
        for (int i = 0; i < blocks; ++i)
            client.send(block);
        client.shut_write();
    });
    int intact = 0;
    for (auto got = client.receive(block.size()); !got.empty(); got = client.receive(block.size()))
        intact += got == block ? 1 : 0;
    sent.get();
    return intact;
}

template <class Conversation>
class talk : public ::testing::Test {};
using conversations = ::testing::Types<passing, glancing, holding>;
TYPED_TEST_SUITE(talk, conversations);

TYPED_TEST(talk, passes_bulk_data_both_ways)
{
    upstream_server server(echo);
    followed<TypeParam> p(server.address());
    EXPECT_EQ(exchanged(p.listen, pattern(block_bytes)), blocks);
}

TYPED_TEST(talk, goes_with_toxics_on_both_streams)
{
    upstream_server server(echo);
    followed<TypeParam> p(server.address());
    p.add("latency", stream::upstream, {{"latency", 3}});
    p.add("slicer", stream::downstream, {{"average_size", 50'000}});
    EXPECT_EQ(exchanged(p.listen, pattern(block_bytes)), blocks);
}

TYPED_TEST(talk, goes_with_toxics_that_come_and_go)
{
    upstream_server server(echo);
    followed<TypeParam> p(server.address());
    std::atomic<bool> done = false;
    std::thread editor([&] {
        while (!done) {
            p.add("latency", stream::upstream, {{"latency", 1}});
            p.add("noop", stream::downstream, {});
            p.engine->remove_toxic("p", "latency_upstream").value();
            p.engine->remove_toxic("p", "noop_downstream").value();
        }
    });
    EXPECT_EQ(exchanged(p.listen, pattern(block_bytes)), blocks);
    done = true;
    editor.join();
}

TEST(talk, waits_for_a_server_that_does_not_read_and_then_writes_all)
{
    auto const block = pattern(block_bytes);
    std::promise<void> may_read;
    std::promise<int> intact;
    upstream_server server([&](client_socket peer) {
        may_read.get_future().wait();
        int count = 0;
        for (auto got = peer.receive(block.size()); !got.empty(); got = peer.receive(block.size()))
            count += got == block ? 1 : 0;
        intact.set_value(count);
    });
    followed<passing> p(server.address());
    p.add("latency", stream::upstream, {{"latency", 1}});
    client_socket client(p.listen);
    for (int i = 0; i < blocks; ++i)
        client.send(block);
    client.shut_write();
    // Nobody turns in vain meanwhile: two looks in a row find no turn between them.
    std::uint64_t turns = 0;
    EXPECT_TRUE(eventually([&] {
        auto const now = p.engine->stats().loop_rounds.count();
        return std::exchange(turns, now) == now;
    }));
    may_read.set_value();
    EXPECT_EQ(intact.get_future().get(), blocks);
}

TEST(talk, answers_in_the_place_of_the_server_through_the_toxics_of_its_stream)
{
    upstream_server server(echo);
    followed<answering> p(server.address());
    p.add("latency", stream::downstream, {{"latency", 50}});
    client_socket client(p.listen);
    std::string got;
    auto const took = time_of([&] {
        client.send("abc");
        got = client.receive(3);
    });
    EXPECT_EQ(got, "abc");
    EXPECT_GE(took, 50ms);
    EXPECT_EQ(p.engine->stats("p").value().streams[0].sent_bytes, 0U);
}

}  // namespace
}  // namespace aconite::testing
