#include "proxy/forwarding/splice_pipe.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <string>
#include <vector>

namespace aconite {
namespace {

/// Two connected non-blocking sockets.
struct socket_pair {
    socket_pair()
    {
        int ends[2];
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
        near.reset(ends[0]);
        far.reset(ends[1]);
    }
    unique_fd near;
    unique_fd far;
};

std::string read_all(int fd)
{
    std::array<char, 4096> buffer{};
    auto const got = ::read(fd, buffer.data(), buffer.size());
    return {buffer.data(), got > 0 ? static_cast<std::size_t>(got) : 0};
}

TEST(splice_pipe, carries_bytes_and_tells_the_end)
{
    socket_pair from;
    socket_pair to;
    auto const pipe = splice_pipe::open(descriptor_room());
    ASSERT_TRUE(pipe);
    EXPECT_EQ(pipe->fill(from.near.get(), 100).error, EAGAIN);
    ASSERT_EQ(::write(from.far.get(), "hello", 5), 5);
    EXPECT_EQ(pipe->fill(from.near.get(), 3).bytes, 3U);
    EXPECT_EQ(pipe->held(), 3U);
    EXPECT_EQ(pipe->drain(to.near.get()).bytes, 3U);
    EXPECT_EQ(pipe->held(), 0U);
    EXPECT_EQ(pipe->fill(from.near.get(), 100).bytes, 2U);
    EXPECT_EQ(pipe->drain(to.near.get()).bytes, 2U);
    EXPECT_EQ(read_all(to.far.get()), "hello");
    from.far.reset();
    EXPECT_TRUE(pipe->fill(from.near.get(), 100).eof);
}

TEST(splice_pipe, keeps_what_the_receiver_does_not_take)
{
    socket_pair from;
    socket_pair to;
    auto const pipe = splice_pipe::open(descriptor_room());
    ASSERT_TRUE(pipe);
    while (::write(to.near.get(), "x", 1) == 1) {}
    ASSERT_EQ(::write(from.far.get(), "abc", 3), 3);
    ASSERT_EQ(pipe->fill(from.near.get(), 100).bytes, 3U);
    auto const put = pipe->drain(to.near.get());
    EXPECT_EQ(put.bytes, 0U);
    EXPECT_EQ(put.error, EAGAIN);
    std::array<char, 10> out{};
    EXPECT_EQ(pipe->read(out), 3U);
    EXPECT_EQ(std::string(out.data(), 3), "abc");
    EXPECT_EQ(pipe->held(), 0U);
}

TEST(pipe_pool, hands_on_only_empty_pipes)
{
    socket_pair from;
    descriptor_room const room;
    pipe_pool pool(room);
    auto first = pool.take();
    ASSERT_TRUE(first);
    auto* const empty = first.get();
    pool.give_back(std::move(first));
    auto second = pool.take();
    EXPECT_EQ(second.get(), empty);
    ASSERT_EQ(::write(from.far.get(), "secret", 6), 6);
    ASSERT_EQ(second->fill(from.near.get(), 100).bytes, 6U);
    pool.give_back(std::move(second));
    EXPECT_EQ(pool.take()->held(), 0U);
}

TEST(pipe_pool, lends_a_bounded_number)
{
    descriptor_room const room;
    pipe_pool pool(room);
    std::vector<std::unique_ptr<splice_pipe>> lent;
    while (auto pipe = pool.take()) {
        lent.push_back(std::move(pipe));
        ASSERT_LE(lent.size(), 1000U);
    }
    EXPECT_GE(lent.size(), 1U);
    pool.give_back(std::move(lent.back()));
    EXPECT_TRUE(pool.take());
}

}  // namespace
}  // namespace aconite
