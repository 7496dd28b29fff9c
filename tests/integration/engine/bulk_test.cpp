// Streams that are large enough for the kernel to carry them past the process.
#include "engine_fixture.hpp"

#include "proxy/forwarding/drop_filter.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <atomic>
#include <filesystem>
#include <future>
#include <thread>
#include <vector>

namespace aconite::testing {
namespace {

/// No multiple of a page or a pipe, so that whatever is lost or moved shows.
constexpr std::size_t block_bytes = 1'000'003;

/// Sends `blocks` of the pattern to each client.
std::function<void(client_socket)> source_of(std::string const& block, int blocks)
{
    return [&block, blocks](client_socket peer) {
        for (int i = 0; i < blocks; ++i)
            peer.send(block);
    };
}

/// How many of the blocks up to the end of the stream are as they were sent.
int intact_blocks(client_socket& client, std::string const& block)
{
    int intact = 0;
    for (;;) {
        auto const got = client.receive(block.size());
        if (got.empty())
            return intact;
        intact += got == block ? 1 : 0;
    }
}

/// Sends until the connection ends. Whether it was a reset.
bool send_until_reset(client_socket& peer, std::string const& block)
{
    try {
        for (;;)
            peer.send(block);
    } catch (std::system_error const& e) {
        return e.code().value() == ECONNRESET || e.code().value() == EPIPE;
    }
}

/// Waits until the server's stream, of a client that takes nothing, has come to rest.
bool reads_no_more(engine const& of)
{
    std::uint64_t last = 0;
    return eventually([&] {
        auto const connections = of.connections();
        auto const now = connections.empty() ? 0 : connections[0].received_bytes[1];
        return now > 0 && std::exchange(last, now) == now;
    });
}

/// How many ends of pipes this process has open.
int open_pipe_ends()
{
    int count = 0;
    for (auto const& each : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code gone;
        auto const target = std::filesystem::read_symlink(each.path(), gone).string();
        count += target.starts_with("pipe:") ? 1 : 0;
    }
    return count;
}

TEST(bulk, goes_through_a_pipe_and_arrives_intact)
{
    auto const block = pattern(block_bytes);
    upstream_server const server(source_of(block, 64));
    proxied p(server.address(), {.shards = 1});
    int const before = open_pipe_ends();
    client_socket client(p.listen);
    EXPECT_EQ(intact_blocks(client, block), 64);
    EXPECT_GT(open_pipe_ends(), before) << "nothing was spliced";
}

TEST(bulk, is_copied_when_there_are_no_descriptors_for_a_pipe)
{
    auto const block = pattern(block_bytes);
    std::promise<void> accepted;
    std::promise<void> go;
    upstream_server const server([&](client_socket peer) {
        accepted.set_value();
        go.get_future().wait();
        source_of(block, 64)(std::move(peer));
    });
    proxied p(server.address(), {.shards = 1});
    client_socket client(p.listen);
    accepted.get_future().wait();
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
    rlimit const none{0, before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
    go.set_value();
    int const intact = intact_blocks(client, block);
    ::setrlimit(RLIMIT_NOFILE, &before);
    EXPECT_EQ(intact, 64);
}

/// Pipes until the kernel gives this user only the smallest ones (pipe-user-pages-soft).
std::vector<unique_fd> use_up_pipe_quota()
{
    std::vector<unique_fd> held;
    for (int i = 0; i < 4000; ++i) {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0)
            break;
        held.emplace_back(ends[0]);
        held.emplace_back(ends[1]);
        ::fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
        if (::fcntl(ends[1], F_GETPIPE_SZ) < 1 << 16)
            break;
    }
    return held;
}

/// Runs on a thread that is an ordinary user: credentials are a thread's own to the kernel.
TEST(bulk, is_copied_for_a_user_whose_pipe_quota_is_used_up)
{
    auto const block = pattern(block_bytes);
    upstream_server const server(source_of(block, 64));
    std::atomic<int> intact = -1;
    std::atomic<bool> small_pipes = false;
    std::thread([&] {
        constexpr long nobody = 65534;
        if (::geteuid() == 0)
            ::syscall(SYS_setresuid, nobody, nobody, nobody);
        auto const quota = use_up_pipe_quota();
        small_pipes = ::fcntl(quota.back().get(), F_GETPIPE_SZ) < 1 << 16;
        proxied p(server.address(), {.shards = 1});
        client_socket client(p.listen);
        intact = intact_blocks(client, block);
    }).join();
    EXPECT_TRUE(small_pipes) << "the quota was not reached: this test shows nothing";
    EXPECT_EQ(intact, 64);
}

TEST(bulk, survives_toxics_that_come_and_go)
{
    auto const block = pattern(block_bytes);
    constexpr int blocks = 400;
    upstream_server const server(source_of(block, blocks));
    proxied p(server.address(), {.shards = 2});
    std::atomic<bool> over = false;
    std::atomic<int> changes = 0;
    std::thread changer([&] {
        while (!over) {
            for (auto const* type : {"latency", "noop", "slicer", "bandwidth"}) {
                attribute_list attributes;
                if (type == std::string_view("bandwidth"))
                    attributes = {{"rate", 500'000}};
                (void)p.engine.add_toxic("p", {"t", type, stream::downstream, 1, attributes});
                std::this_thread::yield();
                (void)p.engine.remove_toxic("p", "t");
                ++changes;
            }
        }
    });
    client_socket client(p.listen);
    EXPECT_EQ(intact_blocks(client, block), blocks);
    over = true;
    changer.join();
    EXPECT_GT(changes, 10);
}

TEST(bulk, a_rate_alone_on_a_stream_holds_and_still_splices)
{
    auto const block = pattern(block_bytes);
    upstream_server const server(source_of(block, 50));
    proxied p(server.address(), {.shards = 1});
    p.add("bandwidth", stream::downstream, {{"rate", 100'000}});
    int const before = open_pipe_ends();
    client_socket client(p.listen);
    auto const took = time_of([&] { EXPECT_EQ(intact_blocks(client, block), 50); });
    EXPECT_GE(took.count(), 450);  // 50 MB at 100 MB/s, less 50 ms
    EXPECT_GT(open_pipe_ends(), before) << "nothing was spliced";
}

TEST(bulk, is_spliced_where_the_kernel_loses_segments)
{
    if (auto const error = drop_filter::probe())
        GTEST_SKIP() << "needs CAP_NET_ADMIN: errno " << error;
    auto const block = pattern(block_bytes);
    upstream_server const server(source_of(block, 16));
    proxied p(server.address(), {.shards = 1});
    p.add("loss", stream::downstream, {{"mode", "kernel"}, {"rate", 0.01}});
    int const before = open_pipe_ends();
    client_socket client(p.listen);
    EXPECT_EQ(intact_blocks(client, block), 16);
    EXPECT_GT(open_pipe_ends(), before) << "nothing was spliced";
}

TEST(bulk, a_reset_passes_a_stalled_receiver_with_a_full_pipe)
{
    auto const block = pattern(block_bytes);
    std::promise<void> stalled;
    upstream_server const server([&](client_socket peer) {
        for (int i = 0; i < 3; ++i)
            peer.send(block);
        stalled.get_future().wait();
        peer.reset();
    });
    proxied p(server.address(), {.shards = 1});
    client_socket client(p.listen);
    ASSERT_TRUE(reads_no_more(p.engine));
    stalled.set_value();
    ASSERT_TRUE(eventually([&] { return p.engine.connections().empty(); }));
}

/// The first address of localhost, ::1 as a rule, refuses: that must not be held against the next.
TEST(bulk, waits_for_a_stalled_receiver_after_an_address_that_refused)
{
    auto const block = pattern(block_bytes);
    upstream_server const server(source_of(block, 16));
    auto const port = server.address().substr(server.address().rfind(':'));
    proxied p("localhost" + port, {.shards = 1});
    client_socket client(p.listen);
    ASSERT_TRUE(reads_no_more(p.engine));
    EXPECT_EQ(intact_blocks(client, block), 16);
}

TEST(bulk, a_receiver_that_goes_away_ends_the_stream)
{
    auto const block = pattern(block_bytes);
    std::promise<bool> ended;
    upstream_server const server(
        [&](client_socket peer) { ended.set_value(send_until_reset(peer, block)); });
    proxied p(server.address(), {.shards = 1});
    {
        client_socket client(p.listen);
        EXPECT_EQ(client.receive(8 * block_bytes).size(), 8 * block_bytes);
        client.reset();
    }
    EXPECT_TRUE(ended.get_future().get());
    EXPECT_TRUE(eventually([&] { return p.engine.connections().empty(); }));
}

TEST(bulk, a_server_that_half_closed_and_then_resets_ends_an_upload)
{
    auto const block = pattern(block_bytes);
    std::promise<void> read_the_end;
    upstream_server const server([&](client_socket peer) {
        peer.receive(8 * block_bytes);
        peer.send("enough");
        peer.shut_write();
        read_the_end.get_future().wait();
        peer.reset();
    });
    proxied p(server.address(), {.shards = 1});
    client_socket client(p.listen);
    std::thread reader([&] {
        EXPECT_EQ(client.receive_all(), "enough");
        read_the_end.set_value();
    });
    EXPECT_TRUE(send_until_reset(client, block));
    reader.join();
    EXPECT_TRUE(eventually([&] { return p.engine.connections().empty(); }));
}

TEST(bulk, a_client_that_half_closed_and_then_resets_ends_a_download)
{
    auto const block = pattern(block_bytes);
    std::promise<bool> ended;
    upstream_server const server([&](client_socket peer) {
        EXPECT_EQ(peer.receive_all(), "");
        ended.set_value(send_until_reset(peer, block));
    });
    proxied p(server.address(), {.shards = 1});
    client_socket client(p.listen);
    client.shut_write();
    EXPECT_EQ(client.receive(8 * block_bytes).size(), 8 * block_bytes);
    client.reset();
    EXPECT_TRUE(ended.get_future().get());
    EXPECT_TRUE(eventually([&] { return p.engine.connections().empty(); }));
}

/// The urgent byte itself is left out, as by any proxy that reads without MSG_OOB.
TEST(bulk, goes_on_after_urgent_data)
{
    auto const block = pattern(block_bytes);
    upstream_server const server([&](client_socket peer) {
        for (int i = 0; i < 20; ++i)
            peer.send(block);
        ::send(peer.fd(), "!", 1, MSG_OOB | MSG_NOSIGNAL);
        for (int i = 0; i < 20; ++i)
            peer.send(block);
    });
    proxied p(server.address(), {.shards = 1});
    client_socket client(p.listen);
    EXPECT_EQ(intact_blocks(client, block), 40);
}

}  // namespace
}  // namespace aconite::testing
