#include <aconite/testing/test_bed.hpp>

#include "embedding/toxic_state.hpp"

#include <aconite/text.hpp>

#include <charconv>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace aconite::testing {
namespace {

constexpr char const* seed_variable = "ACONITE_SEED";

engine_config config_of_a_test()
{
    engine_config config;
    config.shards = 1;
    auto const* const text = std::getenv(seed_variable);
    if (text == nullptr || *text == '\0')
        return config;
    std::string_view const digits = text;
    std::uint64_t seed = 0;
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seed);
    if (error != std::errc() || end != digits.data() + digits.size())
        throw std::invalid_argument("ACONITE_SEED must be a number from 0 to 2^64 - 1, not '" +
                                    std::string(digits) + "'");
    config.seed = seed;
    return config;
}

std::string seed_text(engine const& e)
{
    return "seed " + std::to_string(e.seed()) + ": " + seed_variable + "=" +
           std::to_string(e.seed()) + " draws the same random numbers\n";
}

}  // namespace

test_bed::test_bed() : test_bed(config_of_a_test()) {}

test_bed::test_bed(engine_config config)
{
    auto own = std::make_unique<engine>(std::move(config));
    head_ = seed_text(*own);
    where_ = std::move(own);
}

test_bed::test_bed(std::unique_ptr<control> where) : where_(std::move(where))
{
    // A Toxiproxy has no journal; the report says so.
    if (auto const last = where_->read_journal({.limit = 0, .newest = true}))
        begin_ = last->next;
}

scoped_proxy& test_bed::proxy(std::string_view name, std::string_view upstream,
                              std::string_view protocol)
{
    return proxies_.emplace_back(*where_, name, upstream, protocol);
}

scoped_proxy& test_bed::proxy(proxy_config config)
{
    return proxies_.emplace_back(*where_, std::move(config));
}

scoped_toxic test_bed::require(scoped_toxic toxic)
{
    required_.push_back(toxic.state_);
    return toxic;
}

std::vector<std::string> test_bed::unfired() const
{
    std::vector<std::string> sentences;
    for (auto const& each : required_) {
        auto const name = "toxic " + each->name() + " of proxy " + each->proxy();
        if (auto const stats = each->stats(); !stats)
            sentences.push_back("nobody knows whether " + name + " acted: " + stats.error().text);
        else if (stats->hits == 0)
            sentences.push_back(name + " never acted, so this test proves nothing");
    }
    return sentences;
}

std::string test_bed::report() const
{
    auto text = "aconite: " + head_;
    journal_query wanted;
    wanted.since = begin_;
    for (;;) {
        auto const page = where_->read_journal(wanted);
        if (!page)
            return text + "no journal: " + page.error().text + "\n";
        if (page->missed > 0)
            text += std::to_string(page->missed) + " records were overwritten\n";
        for (auto const& record : page->records)
            text += to_text(record) + "\n";
        if (page->records.size() < wanted.limit)
            return text;
        wanted.since = page->next;
    }
}

}  // namespace aconite::testing
