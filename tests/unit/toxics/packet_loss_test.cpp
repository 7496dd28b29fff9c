#include "toxics/packet_loss.hpp"

#include "tests/support/toxic_line.hpp"

#include <gtest/gtest.h>

namespace aconite::test {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t lossy_chunk_bytes = 5000;  // more than a segment
constexpr int chunks = 200;

std::string chunk_of(int number)
{
    return std::string(lossy_chunk_bytes, static_cast<char>('a' + number % 26));
}

/// What becomes of `chunks` chunks, a second apart, of which half are lost.
std::string sent_through(toxic_type const& type)
{
    attribute_values values(type.attributes);
    values.set("loss_rate", 0.5).value();
    pipeline line;
    time_point const start{1000h};
    line.apply({{1, 1, &type, values, 7}}, start);
    for (int i = 0; i < chunks; ++i)
        line.push(slice::copy_of(chunk_of(i)), start + i * 1s);
    std::string got;
    auto const end = start + 24h * 365;
    for (line.advance(end); !line.front().empty(); line.advance(end)) {
        auto const bytes = line.front().size();
        got += line.front();
        line.consume(bytes);
    }
    return got;
}

TEST(packet_loss, never_leaves_a_hole)
{
    std::string all;
    for (int i = 0; i < chunks; ++i)
        all += chunk_of(i);
    EXPECT_EQ(sent_through(*builtin_toxics().find("packet_loss")), all);
}

TEST(packet_loss, of_the_reference_throws_whole_chunks_away)
{
    auto const got = sent_through(toxics::discarding_packet_loss_type);
    ASSERT_EQ(got.size() % lossy_chunk_bytes, 0U);
    auto const arrived = got.size() / lossy_chunk_bytes;
    EXPECT_NEAR(static_cast<double>(arrived), 100, 36);
    for (std::size_t at = 0; at < got.size(); at += lossy_chunk_bytes)
        EXPECT_EQ(got.substr(at, lossy_chunk_bytes), std::string(lossy_chunk_bytes, got[at]));
}

TEST(packet_loss, of_the_reference_takes_the_place_of_the_other)
{
    auto changed = toxic_registry::builtin();
    changed.add(toxics::discarding_packet_loss_type);
    EXPECT_EQ(changed.find("packet_loss"), &toxics::discarding_packet_loss_type);
    EXPECT_EQ(changed.all().size(), builtin_toxics().all().size());
}

}  // namespace
}  // namespace aconite::test
