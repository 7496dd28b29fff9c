// One rate for all connections of a proxy, on real sockets and several threads.
#include "tests/integration/engine/engine_fixture.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>
#include <vector>

namespace aconite::testing {
namespace {

using namespace std::chrono_literals;

/// Sends for as long as the peer is there.
void send_forever(client_socket peer)
{
    auto const block = pattern(65'536);
    try {
        for (;;)
            peer.send(block);
    } catch (std::system_error const&) {
        // the client left
    }
}

/// Clients that read all they get, each on a thread, until this goes away.
class readers {
public:
    static constexpr std::size_t count = 8;

    explicit readers(std::string const& where)
    {
        for (auto& bytes : got_)
            threads_.emplace_back([this, &bytes, where] {
                client_socket client(where);
                while (!stop_)
                    bytes += client.receive(1000).size();
            });
    }

    ~readers() { stop_ = true; }

    [[nodiscard]] std::array<std::uint64_t, count> got() const
    {
        std::array<std::uint64_t, count> now{};
        std::ranges::copy(got_, now.begin());
        return now;
    }

    [[nodiscard]] std::uint64_t total() const
    {
        std::uint64_t sum = 0;
        for (auto const bytes : got())
            sum += bytes;
        return sum;
    }

    /// Whether `more` bytes come.
    [[nodiscard]] bool wait_for(std::uint64_t more) const
    {
        auto const goal = total() + more;
        return eventually([&] { return total() >= goal; });
    }

    /// Bytes per second, over the next `bytes`; 0 if they do not come.
    [[nodiscard]] double rate_over(std::uint64_t bytes) const
    {
        auto const before = total();
        auto const begin = std::chrono::steady_clock::now();
        if (!wait_for(bytes))
            return 0;
        auto const passed = static_cast<double>(total() - before);
        return passed /
               std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    }

private:
    std::array<std::atomic<std::uint64_t>, count> got_{};
    std::atomic<bool> stop_ = false;
    std::vector<std::jthread> threads_;
};

/// A busy machine makes it slower, or faster for a moment after a pause; tests on simulated time
/// have the exact numbers.
void expect_rate(double measured, double wanted)
{
    EXPECT_GE(measured, wanted / 2);
    EXPECT_LE(measured, wanted * 1.4);
}

class shared_bandwidth : public ::testing::TestWithParam<unsigned> {};

TEST_P(shared_bandwidth, is_one_rate_for_all_and_follows_updates)
{
    upstream_server const server(send_forever);
    proxied p(server.address(), {.shards = GetParam()});
    p.add("bandwidth", stream::downstream, {{"rate", 5000}, {"shared", true}});
    readers const clients(p.listen);
    ASSERT_TRUE(clients.wait_for(2'000'000));

    auto const before = clients.got();
    expect_rate(clients.rate_over(5'000'000), 5e6);
    auto shares = clients.got();
    for (std::size_t i = 0; i < shares.size(); ++i)
        shares[i] -= before[i];
    EXPECT_GE(*std::ranges::min_element(shares), 300'000U);
    EXPECT_LE(*std::ranges::max_element(shares), 1'250'000U);

    p.engine.update_toxic("p", "bandwidth_downstream", {{}, {{"rate", 10'000}}}).value();
    ASSERT_TRUE(clients.wait_for(10'000'000));  // what was held is let go first
    expect_rate(clients.rate_over(10'000'000), 1e7);

    p.engine.remove_toxic("p", "bandwidth_downstream").value();
    EXPECT_GE(clients.rate_over(60'000'000), 2e7);
}

TEST_P(shared_bandwidth, of_one_connection_is_all_of_it)
{
    upstream_server const server(send_forever);
    proxied p(server.address(), {.shards = GetParam()});
    p.add("bandwidth", stream::downstream, {{"rate", 20'000}, {"shared", true}});
    client_socket client(p.listen);
    client.receive(2'000'000);
    auto const took = time_of([&] { client.receive(20'000'000); });
    EXPECT_GE(took, 700ms);
    EXPECT_LE(took, 2s);
}

INSTANTIATE_TEST_SUITE_P(shards, shared_bandwidth, ::testing::Values(1U, 4U),
                         [](auto const& each) { return std::to_string(each.param); });

TEST(shared_bandwidth_stream, stays_whole_through_edits)
{
    upstream_server const server(echo);
    proxied p(server.address(), {.shards = 4});
    p.add("bandwidth", stream::upstream, {{"rate", 20'000}, {"shared", true}});
    p.add("bandwidth", stream::downstream, {{"rate", 20'000}, {"shared", true}, {"burst", 50'000}});
    auto const sent = pattern(2 << 20);
    std::atomic<int> intact = 0;
    std::atomic<int> running = 4;
    std::vector<std::jthread> clients;
    for (int i = 0; i < 4; ++i)
        clients.emplace_back([&] {
            client_socket client(p.listen);
            std::jthread const writer([&] {
                client.send(sent);
                client.shut_write();
            });
            intact += client.receive_all() == sent ? 1 : 0;
            --running;
        });
    for (std::int64_t rate = 10'000; running > 0; rate = 30'000 - rate)
        p.engine
            .update_toxic("p", "bandwidth_upstream",
                          {{}, {{"rate", rate}, {"shared", rate == 10'000}}})
            .value();
    clients.clear();
    EXPECT_EQ(intact, 4);
}

TEST(bandwidth_burst, passes_at_once)
{
    upstream_server const server(send_forever);
    for (bool const shared : {false, true}) {
        proxied p(server.address());
        p.add("bandwidth", stream::downstream,
              {{"rate", 100}, {"shared", shared}, {"burst", 1'000'000}});
        client_socket client(p.listen);
        EXPECT_LE(time_of([&] { client.receive(990'000); }), 5s);
        EXPECT_GE(time_of([&] { client.receive(110'000); }), 500ms);
    }
}

TEST(bandwidth_attributes, that_the_reference_does_not_know_are_told_where_set)
{
    engine e;
    e.create({"p", "127.0.0.1:0", "127.0.0.1:1", true, {}}).value();
    auto const told = [&](char const* name, attribute_list attributes) {
        return e.add_toxic("p", {name, "bandwidth", stream::upstream, 1, std::move(attributes)})
            .value()
            .attributes;
    };
    EXPECT_EQ(told("plain", {{"rate", 5}}), (attribute_list{{"rate", 5}}));
    EXPECT_EQ(told("unset", {{"rate", 5}, {"shared", false}, {"burst", 0}}),
              (attribute_list{{"rate", 5}}));
    EXPECT_EQ(told("set", {{"shared", true}, {"burst", 7}}),
              (attribute_list{{"rate", 0}, {"shared", true}, {"burst", 7}}));
    auto const refused = e.update_toxic("p", "set", {{}, {{"shared", 1}}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(),
              (problem{400, "bad request body: attribute 'shared' must be true or false"}));
}

}  // namespace
}  // namespace aconite::testing
