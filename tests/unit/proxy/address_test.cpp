#include "proxy/net/address.hpp"
#include "proxy/net/number.hpp"

#include <gtest/gtest.h>

#include <string>

namespace aconite {
namespace {

using namespace std::string_literals;

std::string fault_of(std::string const& address)
{
    auto const parts = split_address(address);
    return parts ? "" : parts.error().text;
}

TEST(number, is_read_whole_or_not_at_all)
{
    EXPECT_EQ(number_in<std::uint16_t>("65535"), 65535);
    EXPECT_EQ(number_in<std::uint16_t>("0080"), 80);
    EXPECT_EQ(number_in<std::int64_t>("-5"), -5);
    EXPECT_EQ(number_in<double>("1.5"), 1.5);
    for (auto const* text : {"", "65536", "4294967376", "18446744073709551616", "-1", "-0", "+1",
                             " 1", "1 ", "1.0", "1e3", "0x1", "1_0", "one"})
        EXPECT_FALSE(number_in<std::uint16_t>(text)) << text;
    EXPECT_FALSE(number_in<double>("1e400"));
    EXPECT_FALSE(number_in<std::uint16_t>("1\0"s));
}

TEST(address, takes_a_port_by_number_or_name)
{
    for (auto const* address : {"h:0", "h:", "h:65535", "h:00080", "h:http", "h:x11-1", ":1",
                                "[::1]:80", "127.0.0.1:80", "h.example:80", "1e3.example:80"})
        EXPECT_EQ(fault_of(address), "") << address;
}

TEST(address, refuses_a_port_that_would_wrap_or_be_half_read)
{
    for (auto const* port : {"65536", "70000", "4295034240", "18446744073709559830", "-1", "-65456",
                             "+80", " 80", "80 ", "80\n", "1.5", "8 http"})
        EXPECT_EQ(fault_of("h:"s + port), "address "s + port + ": invalid port");
    EXPECT_EQ(fault_of("h:80\0x"s), "address 80\0x: invalid port"s);
}

/// All of them are addresses for inet_aton(3), some with an octal part.
TEST(address, refuses_a_host_that_would_be_another)
{
    for (auto const* host : {"127.1", "0x7f.0.0.1", "2130706433", "010.0.0.1", "0", "127.0.0.1 x"})
        EXPECT_EQ(fault_of(host + ":80"s), "lookup "s + host + ": no such host");
    EXPECT_EQ(fault_of("127.0.0.1\0.example:80"s), "lookup 127.0.0.1\0.example: no such host"s);
}

TEST(address, says_the_same_of_one_to_listen_on)
{
    EXPECT_TRUE(resolve_listen(""));
    EXPECT_EQ(resolve_listen("127.0.0.1:70000").error().text, "address 70000: invalid port");
    EXPECT_EQ(resolve_listen("127.1:80").error().text, "lookup 127.1: no such host");
}

}  // namespace
}  // namespace aconite
