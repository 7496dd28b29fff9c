#include "clients/experiment/probes/prometheus_text.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace aconite::experiment::probe_kit {
namespace {

struct read_metrics {
    std::map<std::string, double> all;
    std::string fault;
};

read_metrics read_all(std::string_view text)
{
    read_metrics made;
    auto const read = read_samples(text, [&](metric_sample const& sample) {
        auto name = std::string(sample.name);
        for (auto const& [label, each] : sample.labels)
            name += "," + std::string(label) + "=" + each;
        made.all[name] = sample.number;
    });
    if (!read)
        made.fault = read.error().text;
    return made;
}

TEST(prometheus_text, reads_what_programs_expose)
{
    auto const seen =
        read_all("# HELP a Something \\ else\n# TYPE a counter\r\n"
                 "a 1\n"
                 "\n"
                 "  b_total{x=\"1\",y=\"a\\\\b\\\"c\\nd\",} +2.5e+06 1395066363000\r\n"
                 "c{ x = \"\xC3\xA9\" , z=\"}\" }\t-Inf\n"
                 "d{} NaN\n"
                 "e:f 7 # {trace=\"1\"} 0.5 1.2\n"
                 "g +Inf 12.5 # {} 1\n"
                 "# EOF\n");
    EXPECT_EQ(seen.fault, "");
    EXPECT_EQ(seen.all.size(), 6u);
    EXPECT_EQ(seen.all.at("a"), 1);
    EXPECT_EQ(seen.all.at("b_total,x=1,y=a\\b\"c\nd"), 2.5e6);
    EXPECT_EQ(seen.all.at("c,x=\xC3\xA9,z=}"), -std::numeric_limits<double>::infinity());
    EXPECT_TRUE(std::isnan(seen.all.at("d")));
    EXPECT_EQ(seen.all.at("e:f"), 7);
    EXPECT_EQ(seen.all.at("g"), std::numeric_limits<double>::infinity());
}

TEST(prometheus_text, names_the_line_that_is_no_sample)
{
    for (std::string const bad : {"a",           "a ",
                                  "a b",         "a{ 1",
                                  "a{x} 1",      "a{x=1} 1",
                                  "a{x=\"1} 1",  "a{x=\"\\t\"} 1",
                                  "a{x=\"\\",    "a{x=\"1\" y=\"2\"} 1",
                                  "a{,} 1",      "1a 1",
                                  "{x=\"1\"} 1", "a 1 b",
                                  "a 1 2 3",     "a 0x10",
                                  "a 1,5",       "a +-1",
                                  "<html>",      "a\x01 1",
                                  "a 1e999",     "\xFF\xFE 1",
                                  "a{x=\"1\"}",  "a{x=\"1\",,} 1",
                                  "a 1 2 x # {}"}) {
        auto const seen = read_all("ok 1\n" + bad + "\nmore 2\n");
        EXPECT_EQ(seen.fault.rfind("line 2 is no sample of a metric: '", 0), 0u)
            << bad << ": " << seen.fault;
        EXPECT_EQ(seen.all.count("more"), 0u) << bad;
    }
    auto const seen = read_all("a{x=\"\x1b[2J\xe2\x80\xae");
    EXPECT_EQ(seen.fault, "line 1 is no sample of a metric: 'a{x=\"\\x1b[2J\\u202e'");
    EXPECT_LT(read_all(std::string(1 << 20, 'a')).fault.size(), 150u);
    EXPECT_LT(read_all("a{x=\"" + std::string(1 << 20, '\\')).fault.size(), 250u);
    auto const with_null = read_all(std::string_view("a\0 1", 4));
    EXPECT_NE(with_null.fault, "");
}

TEST(prometheus_text, survives_what_is_broken_anywhere)
{
    std::string const whole =
        "# TYPE a histogram\na_bucket{le=\"0.1\",x=\"q\\\"\"} 1 17 # {t=\"1\"} "
        "2\na_bucket{le=\"+Inf\"} 3\n";
    for (std::size_t size = 0; size <= whole.size(); ++size)
        read_all(std::string_view(whole).substr(0, size));
    std::mt19937 draw(1);
    for (int round = 0; round < 20'000; ++round) {
        auto text = whole;
        for (int i = 0; i < 3; ++i)
            text[draw() % text.size()] = static_cast<char>(draw() % 256);
        read_all(text);
    }
}

TEST(prometheus_text, finds_quantiles_as_prometheus_does)
{
    constexpr auto no_bound = std::numeric_limits<double>::infinity();
    std::map<double, double> const buckets{{0.1, 50}, {0.5, 90}, {1, 100}, {no_bound, 100}};
    EXPECT_DOUBLE_EQ(*histogram_quantile(buckets, 0.5), 0.1);
    EXPECT_DOUBLE_EQ(*histogram_quantile(buckets, 0.25), 0.05);
    EXPECT_DOUBLE_EQ(*histogram_quantile(buckets, 0.7), 0.3);
    EXPECT_DOUBLE_EQ(*histogram_quantile(buckets, 1), 1);
    std::map<double, double> const above{{0.1, 1}, {no_bound, 100}};
    EXPECT_DOUBLE_EQ(*histogram_quantile(above, 0.95), 0.1);
    std::map<double, double> const below_zero{{-1, 5}, {no_bound, 10}};
    EXPECT_DOUBLE_EQ(*histogram_quantile(below_zero, 0.1), -1);
    std::map<double, double> const leading_empty{{0.1, 0}, {0.2, 0}, {no_bound, 0}};
    EXPECT_EQ(histogram_quantile(leading_empty, 0.5), std::nullopt);
    EXPECT_EQ(histogram_quantile({{0.1, 1}, {0.5, 2}}, 0.5), std::nullopt);
    EXPECT_EQ(histogram_quantile({{no_bound, 2}}, 0.5), std::nullopt);
    EXPECT_EQ(histogram_quantile({}, 0.5), std::nullopt);
    EXPECT_EQ(histogram_quantile({{1, NAN}, {no_bound, NAN}}, 0.5), std::nullopt);
}

}  // namespace
}  // namespace aconite::experiment::probe_kit
