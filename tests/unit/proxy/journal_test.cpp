// The journal: nothing is read half, out of order or twice, and what is lost is counted.
#include "proxy/record/journal.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace aconite {
namespace {

journal_entry hit(std::uint64_t number)
{
    journal_entry made;
    made.at = std::chrono::steady_clock::now();
    made.proxy = 1;
    made.toxic = 2;
    made.connection = made.ordinal = made.offset = made.bytes = number;
    return made;
}

std::vector<std::uint64_t> numbers(journal_page const& page)
{
    std::vector<std::uint64_t> found;
    for (auto const& record : page.records)
        found.push_back(record.connection);
    return found;
}

TEST(journal, tells_what_was_written_in_order)
{
    journal events(2, 100);
    events.name_proxy(1, "pg");
    events.name_toxic(1, 2, "slow");
    events.write(1, hit(5));
    events.note(record_kind::mark, {}, {}, "here");
    events.write(0, hit(6));

    auto const page = events.read({});
    ASSERT_EQ(page.records.size(), 3U);
    EXPECT_EQ(page.records[0].proxy, "pg");
    EXPECT_EQ(page.records[0].toxic, "slow");
    EXPECT_EQ(page.records[0].connection, 5U);
    EXPECT_EQ(page.records[1].text, "here");
    EXPECT_EQ(page.records[2].connection, 6U);
    EXPECT_EQ(page.records[2].seq, 3U);
    EXPECT_EQ(page.next, 3U);
    EXPECT_EQ(page.missed, 0U);
    EXPECT_LT(std::chrono::system_clock::now() - page.records[0].wall, std::chrono::minutes(1));
}

TEST(journal, goes_on_where_the_reader_stopped)
{
    journal events(1, 100);
    for (std::uint64_t i = 1; i <= 5; ++i)
        events.write(0, hit(i));
    journal_query wanted;
    wanted.limit = 2;
    auto page = events.read(wanted);
    EXPECT_EQ(numbers(page), (std::vector<std::uint64_t>{1, 2}));
    wanted.since = page.next;
    wanted.limit = 100;
    page = events.read(wanted);
    EXPECT_EQ(numbers(page), (std::vector<std::uint64_t>{3, 4, 5}));
    wanted.since = page.next;
    EXPECT_TRUE(events.read(wanted).records.empty());
    EXPECT_EQ(events.read(wanted).next, page.next);
}

TEST(journal, forgets_the_oldest_and_says_how_many)
{
    journal events(1, 20);  // 10 of the hits
    for (std::uint64_t i = 1; i <= 25; ++i)
        events.write(0, hit(i));
    auto const page = events.read({});
    EXPECT_EQ(numbers(page), (std::vector<std::uint64_t>{16, 17, 18, 19, 20, 21, 22, 23, 24, 25}));
    EXPECT_EQ(page.missed, 15U);
    EXPECT_EQ(events.dropped(), 15U);
    EXPECT_EQ(events.written(), 25U);
}

TEST(journal, a_flood_of_hits_leaves_the_connections)
{
    journal events(1, 20);
    auto opened = hit(1'000);
    opened.kind = record_kind::open;
    events.write(0, opened);
    for (std::uint64_t i = 1; i <= 500; ++i)
        events.write(0, hit(i));
    journal_query wanted;
    wanted.kinds = 1U << static_cast<unsigned>(record_kind::open);
    EXPECT_EQ(numbers(events.read(wanted)), std::vector<std::uint64_t>{1'000});
}

TEST(journal, reads_only_what_is_asked_for)
{
    journal events(1, 100);
    events.name_proxy(1, "pg");
    events.name_proxy(3, "redis");
    events.name_toxic(1, 2, "slow");
    events.write(0, hit(1));
    auto other = hit(2);
    other.proxy = 3;
    events.write(0, other);
    journal_query wanted;
    wanted.proxy = "redis";
    EXPECT_EQ(numbers(events.read(wanted)), std::vector<std::uint64_t>{2});
    EXPECT_EQ(events.read(wanted).next, 2U) << "the others were seen too";
    wanted = {};
    wanted.toxic = "slow";
    EXPECT_EQ(numbers(events.read(wanted)), std::vector<std::uint64_t>{1});
}

TEST(journal, without_room_keeps_nothing)
{
    journal events(2, 0);
    events.write(0, hit(1));
    events.note(record_kind::mark, {}, {}, "here");
    EXPECT_TRUE(events.read({}).records.empty());
    EXPECT_EQ(events.written(), 0U);
}

TEST(journal, keeps_the_names_of_what_is_gone)
{
    journal events(1, 100);
    events.name_proxy(1, "pg");
    events.write(0, hit(1));
    events.forget_proxy(1);
    EXPECT_EQ(events.read({}).records[0].proxy, "pg");
}

TEST(journal, cuts_a_text_that_is_too_long)
{
    journal_entry entry;
    entry.say("short");
    EXPECT_EQ(entry.said(), "short");
    std::string const longer(100, 'x');
    entry.say(longer);
    EXPECT_EQ(entry.said(), longer.substr(0, sizeof entry.text));
}

/// Four threads write as fast as they can into small rings while others read: each record is whole,
/// none comes twice or out of order, and read and missed make up all.
TEST(journal, is_read_while_it_is_written)
{
    constexpr std::size_t writers = 4;
    constexpr std::uint64_t each = 50'000;
    journal events(writers, 800);
    std::vector<std::thread> threads;
    std::atomic<std::size_t> done = 0;
    for (std::size_t w = 0; w < writers; ++w) {
        threads.emplace_back([&, w] {
            for (std::uint64_t i = 1; i <= each; ++i)
                events.write(w, hit(i));
            ++done;
        });
    }
    std::uint64_t seen = 0;
    std::uint64_t missed = 0;
    journal_query wanted;
    for (bool last = false; !last;) {
        last = done == writers;
        auto const page = events.read(wanted);
        auto before = wanted.since;
        for (auto const& record : page.records) {
            ASSERT_GT(record.seq, before);
            before = record.seq;
            ASSERT_EQ(record.connection, record.bytes);
            ASSERT_EQ(record.connection, record.offset);
            ASSERT_EQ(record.connection, record.ordinal);
        }
        seen += page.records.size();
        missed += page.missed;
        wanted.since = page.next;
    }
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(seen + missed, writers * each);
    EXPECT_GT(seen, 0U);
}

}  // namespace
}  // namespace aconite
