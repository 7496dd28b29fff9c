// What clients are told of the members of a set.
#include "tests/unit/toxics/mongodb/messages.hpp"
#include "toxics/mongodb/wire.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace aconite;
using namespace aconite::test::mg;

constexpr std::uint32_t more_to_come = 2;

/// What a member of a set of three answers; the fields are those of MongoDB 7.
std::string says(std::string_view a, std::string_view b, std::string_view c,
                 std::string_view compression = {})
{
    return part("topologyVersion",
                name_of('\x07', "processId") + "123456789012" + long_number("counter", 6)) +
           list("hosts", a, b) + list("passives") + list("arbiters", c) + text("setName", "rs0") +
           number("setVersion", 1) + boolean("isWritablePrimary", true) +
           boolean("secondary", false) + text("primary", a) + text("me", a) +
           name_of('\x07', "electionId") + "210987654321" + std::string(compression) +
           part("lastWrite", name_of('\x09', "lastWriteDate") + bytes_of(77, 8)) +
           number("maxBsonObjectSize", 16777216) + number("minWireVersion", 0) +
           number("maxWireVersion", 21) + boolean("readOnly", false) + real("ok", 1);
}
std::string const outside = says("db1.test:27017", "db2.test:27018", "[2001:db8::1]:27019");
std::string const inside = says("127.0.0.1:1001", "proxy.test:1002", "[::1]:1003");

/// All three are reached through the proxy.
class mongodb_hello : public testing::Test, public session {
protected:
    mongodb_hello()
    {
        servers = {{{"db1.test", 27017}, {"127.0.0.1", 1001}},
                   {{"db2.test", 27018}, {"proxy.test", 1002}},
                   {{"2001:db8::1", 27019}, {"::1", 1003}}};
    }
};

TEST_F(mongodb_hello, names_members_as_they_are_inside)
{
    EXPECT_EQ(sends(hello(7)), hello(7));
    EXPECT_EQ(answers(answer(outside, 7)), answer(inside, 7));
    EXPECT_TRUE(bypasses.empty());
    EXPECT_TRUE(unknown.empty());
}

TEST_F(mongodb_hello, by_its_older_names_and_in_the_older_form)
{
    for (auto const* name : {"isMaster", "ismaster"}) {
        client(message(number(name, 1) + text("$db", "admin"), 8));
        EXPECT_EQ(answers(answer(outside, 8)), answer(inside, 8));
        client(query("admin.$cmd", number(name, 1) + boolean("helloOk", true), 9));
        EXPECT_EQ(answers(reply(outside, 9)), reply(inside, 9));
    }
    client(query("admin.$cmd", part("$query", number("ismaster", 1)), 10));
    EXPECT_EQ(answers(reply(outside, 10)), reply(inside, 10));
}

TEST_F(mongodb_hello, in_whatever_pieces_it_comes)
{
    auto const asked = hello(7) + find(8);
    auto const told_of = answer(outside, 7) + ok(8) + ok(5);
    for (std::size_t cut = 1; cut < told_of.size(); ++cut) {
        if (cut < asked.size()) {
            client(std::string_view(asked).substr(0, cut));
            client(std::string_view(asked).substr(cut));
        } else {
            client(asked);
        }
        ASSERT_EQ(to_server(), asked) << cut;
        server(std::string_view(told_of).substr(0, cut));
        server(std::string_view(told_of).substr(cut));
        ASSERT_EQ(to_client(), answer(inside, 7) + ok(8) + ok(5)) << cut;
    }
    for (char const each : asked)
        client({&each, 1});
    EXPECT_EQ(to_server(), asked);
    for (char const each : told_of)
        server({&each, 1});
    EXPECT_EQ(to_client(), answer(inside, 7) + ok(8) + ok(5));
}

TEST_F(mongodb_hello, that_is_answered_again_and_again)
{
    client(message(number("hello", 1) + text("$db", "admin"), 7, 0, 1U << 16));
    for (int i = 0; i < 5; ++i) {
        auto const to = i == 0 ? 7 : 99 + i;
        EXPECT_EQ(answers(answer(outside, to, more_to_come, 100 + i)),
                  answer(inside, to, more_to_come, 100 + i));
    }
    EXPECT_EQ(answers(answer(outside, 104)), answer(inside, 104));
    EXPECT_EQ(answers(answer(outside, 104)), answer(outside, 104)) << "to nothing that was asked";
}

TEST_F(mongodb_hello, has_no_compressor_left)
{
    client(hello(7, list("compression", "zstd", "snappy")));
    server(answer(says("db1.test:27017", "db2.test:27018", "[2001:db8::1]:27019",
                       list("compression", "zstd", "snappy")),
                  7));
    EXPECT_EQ(to_client(), answer(inside, 7));
}

TEST_F(mongodb_hello, with_a_checksum_has_the_right_one)
{
    auto const with = [](std::string bytes) {
        bytes += bytes_of(0);
        bytes[mongodb::head_bytes] = 1;
        mongodb::end_message(bytes);
        return bytes;
    };
    client(hello(7));
    auto const made = answers(with(answer(outside, 7)));
    EXPECT_EQ(made, with(answer(inside, 7)));
    EXPECT_TRUE(mongodb::has_right_checksum(made));
    auto wrong = with(answer(outside, 8));
    wrong.back() = static_cast<char>(wrong.back() ^ 1);
    client(hello(8));
    EXPECT_EQ(answers(wrong), wrong) << "who is to notice has to get it";
    EXPECT_EQ(bypasses.size(), 1U);
}

/// CRC-32C, bit by bit: RFC 3720, 12.1.
std::uint32_t castagnoli(std::string_view bytes)
{
    std::uint32_t sum = 0xFFFFFFFF;
    for (char const each : bytes) {
        sum ^= static_cast<unsigned char>(each);
        for (int bit = 0; bit < 8; ++bit)
            sum = (sum & 1U) != 0 ? sum >> 1U ^ 0x82F63B78U : sum >> 1U;
    }
    return ~sum;
}

TEST(mongodb_wire, has_castagnolis_checksum)
{
    ASSERT_EQ(castagnoli("123456789"), 0xE3069283U);
    auto bytes = message(number("hello", 1), 7, 0, 1) + bytes_of(0);
    mongodb::end_message(bytes);
    EXPECT_EQ(mongodb::number_at(bytes, 0), bytes.size());
    EXPECT_EQ(mongodb::number_at(bytes, bytes.size() - 4),
              castagnoli(std::string_view(bytes).substr(0, bytes.size() - 4)));
    EXPECT_TRUE(mongodb::has_right_checksum(bytes));
    bytes[25] = static_cast<char>(bytes[25] ^ 1);
    EXPECT_FALSE(mongodb::has_right_checksum(bytes));
}

TEST_F(mongodb_hello, tells_the_truth_of_whom_cannot_be_inside)
{
    servers.erase(servers.begin() + 1);
    client(hello(7));
    EXPECT_EQ(answers(answer(outside, 7)),
              answer(says("127.0.0.1:1001", "db2.test:27018", "[::1]:1003"), 7));
    EXPECT_EQ(bypasses, std::vector<std::string>{"db2.test:27018"});
    for (auto const* odd : {"/tmp/mongodb-27017.sock", "db1.test", "db1.test:", ":27017",
                            "db1.test:0", "db1.test:65536", "db1.test:27x", "::1:27017", ""}) {
        bypasses.clear();
        client(hello(8));
        auto const same = answer(text("me", odd) + real("ok", 1), 8);
        EXPECT_EQ(answers(same), same);
        EXPECT_EQ(bypasses, std::vector<std::string>{odd});
    }
}

TEST_F(mongodb_hello, that_is_not_as_it_should_be_passes_and_is_told)
{
    auto const lies = [&](std::string bytes, std::size_t at, std::uint32_t length) {
        bytes.replace(at, 4, bytes_of(length));
        return bytes;
    };
    auto const fine = answer(list("hosts", "a:1", "b:2") + real("ok", 1), 7);
    constexpr std::size_t body_at = 21;
    constexpr std::size_t list_at = body_at + 4 + 7;
    for (auto const& bad :
         {lies(fine, body_at, 4), lies(fine, body_at, 0xFFFFFFFF), lies(fine, body_at, 1000),
          lies(fine, list_at, 1000), lies(fine, list_at, 0xFFFFFFF0), lies(fine, list_at, 3),
          lies(fine, list_at + 7, 500), head(16, 1, 7, 2013), head(20, 1, 7, 2013) + bytes_of(0),
          sections(std::string(40, '\x01'), 1, 7), sections("\x05", 1, 7)}) {
        bypasses.clear();
        client(hello(7));
        to_server();
        EXPECT_EQ(answers(bad), bad);
        EXPECT_EQ(bypasses.size(), 1U);
        EXPECT_TRUE(passes(find(9), ok(9)));
    }
}

TEST_F(mongodb_hello, of_a_server_alone_is_left)
{
    client(hello(7));
    auto const alone = answer(boolean("isWritablePrimary", true) + real("ok", 1), 7);
    EXPECT_EQ(answers(alone), alone);
    client(hello(8));
    auto const no_list = answer(text("hosts", "a:1") + number("me", 1) + real("ok", 1), 8);
    EXPECT_EQ(answers(no_list), no_list);
}

}  // namespace
