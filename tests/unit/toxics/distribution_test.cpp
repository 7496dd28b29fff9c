#include "toxics/distribution.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace aconite::toxics {
namespace {

/// Mean and standard deviation over evenly spread shares.
std::pair<double, double> moments(std::string_view name, double mean, double deviation)
{
    constexpr int count = 400'000;
    auto const at = quantile_of(name);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < count; ++i) {
        auto const value = at((i + 0.5) / count, mean, deviation);
        sum += value;
        squares += value * value;
    }
    auto const average = sum / count;
    return {average, std::sqrt(squares / count - average * average)};
}

TEST(distribution, has_the_mean_and_deviation_that_were_asked_for)
{
    for (auto const name : {"normal", "pareto", "lognormal"}) {
        SCOPED_TRACE(name);
        auto const [mean, deviation] = moments(name, 100, 20);
        EXPECT_NEAR(mean, 100, 0.2);
        EXPECT_NEAR(deviation, 20, 0.5);
    }
    EXPECT_NEAR(moments("paretonormal", 100, 20).first, 100, 0.2);
    EXPECT_NEAR(moments("paretonormal", 100, 20).second, 19, 1);
}

TEST(distribution, uniform_reaches_as_far_as_the_deviation)
{
    auto const at = quantile_of("uniform");
    EXPECT_EQ(at(0, 100, 20), 80);
    EXPECT_EQ(at(0.5, 100, 20), 100);
    EXPECT_LE(at(std::nextafter(1.0, 0.0), 100, 20), 120);
}

TEST(distribution, normal_has_its_known_quantiles)
{
    EXPECT_NEAR(normal_quantile(0.5), 0, 1e-12);
    EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-9);
    EXPECT_NEAR(normal_quantile(0.001), -3.090232306167813, 1e-9);
    EXPECT_TRUE(std::isfinite(normal_quantile(0)));
    EXPECT_TRUE(std::isfinite(normal_quantile(1)));
    for (double const u : {0.0001, 0.2, 0.5, 0.9, 0.999})
        EXPECT_NEAR(normal_share(normal_quantile(u)), u, 1e-12);
}

TEST(distribution, pareto_has_the_longer_tail)
{
    auto const tail = [](std::string_view name) { return quantile_of(name)(0.9999, 0, 1); };
    EXPECT_GT(tail("pareto"), tail("paretonormal"));
    EXPECT_GT(tail("paretonormal"), 2 * tail("normal"));
}

TEST(distribution, lognormal_of_nothing_is_nothing)
{
    EXPECT_EQ(quantile_of("lognormal")(0.9, 0, 20), 0);
}

TEST(percentiles, are_joined_by_straight_lines)
{
    auto const table = percentiles::read("table", {{"p50", 5}, {"p99", 80}, {"p999", 400}});
    ASSERT_TRUE(table);
    EXPECT_DOUBLE_EQ(table->value(0), 0);
    EXPECT_DOUBLE_EQ(table->value(0.25), 2.5);
    EXPECT_DOUBLE_EQ(table->value(0.5), 5);
    EXPECT_DOUBLE_EQ(table->value(0.99), 80);
    EXPECT_NEAR(table->value(0.9945), 240, 1e-9);
    EXPECT_DOUBLE_EQ(table->value(0.9999), 400);
}

TEST(percentiles, may_start_above_0_and_come_in_any_order)
{
    auto const table = percentiles::read("table", {{"p100", 30}, {"p0", 10}, {"p5", 20}});
    ASSERT_TRUE(table);
    EXPECT_DOUBLE_EQ(table->value(0), 10);
    EXPECT_DOUBLE_EQ(table->value(0.05), 20);
    EXPECT_NEAR(table->value(0.525), 25, 1e-9);
}

TEST(percentiles, refuses_what_is_no_percentile)
{
    for (auto const* name : {"", "p", "50", "p-1", "p1x", "px", "p100.1", "median", "p1e1"}) {
        SCOPED_TRACE(name);
        auto const table = percentiles::read("table", {{name, 1}});
        ASSERT_FALSE(table);
        EXPECT_EQ(table.error().text, "bad request body: attribute 'table' must have names like "
                                      "p50, p99 or p99.9, not '" +
                                          std::string(name) + "'");
    }
}

TEST(percentiles, refuses_values_that_fall_and_names_that_come_twice)
{
    EXPECT_EQ(percentiles::read("table", {{"p99", 1}, {"p50", 2}}).error().text,
              "bad request body: attribute 'table' must not fall from one percentile to a higher "
              "one");
    EXPECT_EQ(percentiles::read("table", {{"p99.9", 1}, {"p999", 2}}).error().text,
              "bad request body: attribute 'table' must name a percentile only once");
}

}  // namespace
}  // namespace aconite::toxics
