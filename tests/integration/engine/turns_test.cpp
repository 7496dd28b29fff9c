// Much that is due at once, in small pieces, must not keep a thread from everything else.
#include "tests/integration/engine/engine_fixture.hpp"

#include <thread>

namespace aconite::testing {
namespace {

TEST(turns, end_though_all_is_due_in_small_pieces)
{
    std::uint64_t const bytes = 1 << 20;
    upstream_server const server([](client_socket peer) { peer.receive_all(); });
    proxied p(server.address(), {.shards = 1});
    p.add("latency", stream::upstream, {{"latency", 1'000'000}});
    p.add("slicer", stream::upstream, {{"average_size", 1}});
    auto const up = [&] { return p.engine.stats().proxies.at(0).streams[0]; };
    client_socket client(p.listen);
    client.send(pattern(bytes));
    ASSERT_TRUE(eventually([&] { return up().received_bytes == bytes; }));

    p.engine.remove_toxic("p", "latency_upstream").value();
    ASSERT_TRUE(eventually([&] { return up().sent_bytes > 0; }));
    p.add("noop", stream::upstream, {});

    EXPECT_LT(up().sent_bytes, bytes);
}

}  // namespace
}  // namespace aconite::testing
