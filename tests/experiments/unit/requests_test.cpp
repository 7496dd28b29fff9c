#include "clients/experiment/load/arrivals.hpp"
#include "clients/experiment/load/request_text.hpp"

#include <gtest/gtest.h>

#include <array>
#include <regex>
#include <set>

namespace aconite::experiment {
namespace {

using namespace std::chrono_literals;

TEST(request_text, fills_in_its_placeholders_and_leaves_other_braces)
{
    request_draws const draws{3, key_space(3, 10, false)};
    request_text const text(R"({"n":{n},"k":"{key}","c":{connection},"x":{nn},"{":{}})");
    auto const made = text.filled(draws, 5, 2);
    EXPECT_TRUE(
        std::regex_match(made, std::regex(R"(\{"n":5,"k":"[0-9]","c":2,"x":\{nn\},"\{":\{\}\})")))
        << made;
    EXPECT_EQ(request_text("").filled(draws, 1, 1), "");
    EXPECT_EQ(request_text("{n}{n}").filled(draws, 12, 1), "1212");
    EXPECT_EQ(request_text("plain {").filled(draws, 1, 1), "plain {");

    std::set<std::string> ids;
    std::regex const version_4(
        "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    for (std::uint64_t number = 0; number < 1'000; ++number) {
        auto const id = request_text("{uuid}").filled(draws, number, number % 7);
        EXPECT_TRUE(std::regex_match(id, version_4)) << id;
        EXPECT_EQ(request_text("{uuid}").filled(draws, number, 0), id);
        ids.insert(id);
    }
    EXPECT_EQ(ids.size(), 1'000U);
}

TEST(key_space, is_drawn_from_evenly_or_not)
{
    constexpr int draws = 100'000;
    std::array<int, 10> even{};
    std::array<int, 10> uneven{};
    key_space const uniform(1, 10, false);
    key_space const zipf(1, 10, true);
    for (std::uint64_t number = 0; number < draws; ++number) {
        ++even.at(uniform.key(number));
        ++uneven.at(zipf.key(number));
    }
    constexpr double harmonic = 2.9289682539682538;  // 1 + 1/2 + ... + 1/10
    for (std::size_t key = 0; key < 10; ++key) {
        EXPECT_NEAR(even[key], draws / 10.0, 500);
        EXPECT_NEAR(uneven[key], draws / harmonic / static_cast<double>(key + 1), 500);
    }
    EXPECT_EQ(key_space(1, 1, true).key(7), 0U);
}

TEST(arrivals, are_an_even_row_or_a_poisson_process_of_the_same_rate)
{
    auto const start = time_point{} + 1h;
    arrivals even(start, 3, false, 0);
    for (std::uint64_t number = 0; number < 3'000'000; ++number) {
        if (number % 300'000 == 1) {
            auto const wanted = duration(1s) * static_cast<duration::rep>(number) / 3;
            auto const off = even.next().due - start - wanted;
            EXPECT_LE(std::chrono::abs(off), 1us);
        }
        even.take();
    }
    EXPECT_EQ(even.next().due, start + 1'000'000s);

    arrivals poisson(start, 100, true, 5);
    arrivals same(start, 100, true, 5);
    int small_gaps = 0;
    auto last = start;
    for (int each = 0; each < 100'000; ++each) {
        EXPECT_EQ(poisson.next().due, same.next().due);
        EXPECT_GE(poisson.next().due, last);
        small_gaps += poisson.next().due - last < 1ms ? 1 : 0;
        last = poisson.next().due;
        poisson.take();
        same.take();
    }
    EXPECT_NEAR(std::chrono::duration<double>(last - start).count(), 1'000, 10);
    EXPECT_NEAR(small_gaps, 100'000 * 0.0952, 500);  // 1 - exp(-0.1)
}

}  // namespace
}  // namespace aconite::experiment
