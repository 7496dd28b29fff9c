#include "proxy/admission/descriptor_room.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace aconite {
namespace {

TEST(descriptor_room, keeps_a_part_back)
{
    EXPECT_EQ(share_out(1'048'576).clients, 1'048'448U);
    EXPECT_EQ(share_out(1'048'576).dials, 1'048'512U);
    EXPECT_EQ(share_out(256).clients, 192U);
    EXPECT_EQ(share_out(256).dials, 224U);
    EXPECT_EQ(share_out(RLIM_INFINITY).clients, RLIM_INFINITY - 128);
    EXPECT_EQ(share_out(0).clients, 0U);
}

TEST(descriptor_room, notices_that_there_are_more)
{
    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    ASSERT_GT(before.rlim_cur, 200U);
    rlimit const low{100, before.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &low);
    descriptor_room const room;
    EXPECT_TRUE(room.has_for_client(74));
    EXPECT_FALSE(room.has_for_client(75));
    EXPECT_TRUE(room.has_for_dial(87));
    EXPECT_FALSE(room.has_for_dial(88));

    ::setrlimit(RLIMIT_NOFILE, &before);

    EXPECT_TRUE(room.has_for_client(75));
}

}  // namespace
}  // namespace aconite
