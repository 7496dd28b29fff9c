#include "proxy/record/journal.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace aconite {
namespace {

constexpr std::array<std::string_view, record_kind_count> kind_names = {
    "open",    "dial_failed", "close",        "hit",     "cut",
    "control", "mark",        "not_followed", "unknown", "bypass"};
constexpr std::size_t forgotten_max = 10'000;

/// Texts come in all sizes: of changes and marks fewer are kept.
constexpr std::size_t records_for_a_note = 8;

bool wants(journal_query const& query, journal_record const& r)
{
    return (query.proxy.empty() || query.proxy == r.proxy) &&
           (query.toxic.empty() || query.toxic == r.toxic);
}

bool wants(journal_query const& query, record_kind kind)
{
    return query.kinds == 0 || (query.kinds >> static_cast<unsigned>(kind) & 1U) != 0;
}

bool is_of_a_connection(record_kind kind)
{
    return kind == record_kind::open || kind == record_kind::close ||
           kind == record_kind::dial_failed || kind == record_kind::not_followed ||
           kind == record_kind::unknown || kind == record_kind::bypass;
}

}  // namespace

std::string_view to_text(record_kind kind)
{
    return kind_names[static_cast<std::size_t>(kind)];
}

std::optional<record_kind> record_kind_from(std::string_view text)
{
    auto const found = std::ranges::find(kind_names, text);
    if (found == kind_names.end())
        return std::nullopt;
    return static_cast<record_kind>(found - kind_names.begin());
}

std::string_view to_text(ended_by who)
{
    static constexpr std::string_view names[] = {"client", "upstream", "toxic", "proxy"};
    return names[static_cast<std::size_t>(who)];
}

journal::journal(std::size_t shards, std::size_t records) : notes_max_(records / records_for_a_note)
{
    auto const each = records / (2 * shards);
    for (std::size_t i = 0; i < shards; ++i)
        rings_.push_back(std::make_unique<shard_rings>(order_, each));
}

void journal::write(std::size_t shard, journal_entry const& what)
{
    auto& rings = *rings_[shard];
    (is_of_a_connection(what.kind) ? rings.connections : rings.hits).write(what);
}

void journal::write(std::size_t shard, operation_entry const& what)
{
    rings_[shard]->operations.write(what);
}

void journal::note(record_kind kind, std::string proxy, std::string toxic, std::string text,
                   std::optional<toxic_info> config)
{
    if (notes_max_ == 0)
        return;
    note_entry made{0, {}, kind, std::move(proxy), std::move(toxic), std::move(text), nullptr};
    if (config)
        made.config = std::make_unique<toxic_info const>(*std::move(config));
    std::lock_guard const hold(lock_);
    made.at = std::chrono::steady_clock::now();
    made.seq = order_.next.fetch_add(1);
    notes_.push_back(std::move(made));
    if (notes_.size() > notes_max_) {
        notes_.pop_front();
        ++notes_dropped_;
    }
}

void journal::name_proxy(std::uint64_t proxy, std::string name)
{
    std::lock_guard const hold(lock_);
    names_[{proxy, 0}] = std::move(name);
}

void journal::name_toxic(std::uint64_t proxy, std::uint64_t toxic, std::string name)
{
    std::lock_guard const hold(lock_);
    names_[{proxy, toxic}] = std::move(name);
}

void journal::forget_proxy(std::uint64_t proxy)
{
    forget({proxy, 0});
}

void journal::forget_toxic(std::uint64_t proxy, std::uint64_t toxic)
{
    forget({proxy, toxic});
}

void journal::forget(name_key key)
{
    std::lock_guard const hold(lock_);
    forgotten_.push_back(key);
    if (forgotten_.size() <= forgotten_max)
        return;
    names_.erase(forgotten_.front());
    forgotten_.pop_front();
}

/// Under the lock.
std::string journal::name_of(name_key key) const
{
    auto const named = names_.find(key);
    return named != names_.end() ? named->second : std::string{};
}

/// Under the lock.
journal_record journal::told(journal_entry const& e) const
{
    journal_record made;
    made.seq = e.seq;
    made.at = e.at;
    made.kind = e.kind;
    made.proxy = name_of({e.proxy, 0});
    if (e.toxic != 0)
        made.toxic = name_of({e.proxy, e.toxic});
    made.connection = e.connection;
    made.ordinal = e.ordinal;
    made.text = e.said();
    made.by = e.by;
    if (e.ends)
        made.end = e.end;
    if (e.kind == record_kind::open || e.kind == record_kind::dial_failed)
        made.client = e.client.text();
    if (e.kind == record_kind::close) {
        made.received_bytes[0] = e.offset;
        made.received_bytes[1] = e.bytes;
    }
    if (is_of_a_connection(e.kind)) {
        made.took = e.took;
    } else {
        made.direction = e.direction;
        made.hits = e.hits;
        made.offset = e.offset;
        made.bytes = e.bytes;
        made.delay = e.took;
    }
    return made;
}

journal_record journal::told(note_entry const& e)
{
    journal_record made;
    made.seq = e.seq;
    made.at = e.at;
    made.kind = e.kind;
    made.proxy = e.proxy;
    made.toxic = e.toxic;
    made.text = e.text;
    if (e.config)
        made.config = *e.config;
    return made;
}

/// A record that has its number but cannot be read yet is above this.
std::uint64_t journal::complete_below() const
{
    auto end = order_.next.load();
    for (auto const& each : rings_)
        end = std::min({end, each->connections.complete_below(), each->hits.complete_below(),
                        each->operations.complete_below()});
    return end;
}

journal_page journal::read(journal_query const& wanted) const
{
    auto const end = complete_below();
    std::vector<journal_entry> entries;
    std::vector<operation_entry> operations;
    for (auto const& each : rings_) {
        each->connections.read(wanted.since, end, entries);
        each->hits.read(wanted.since, end, entries);
        each->operations.read(wanted.since, end, operations);
    }
    std::lock_guard const hold(lock_);
    std::vector<found> all;
    for (auto const& each : entries)
        all.push_back({each.seq, each.kind, &each, nullptr, nullptr});
    for (auto const& each : operations)
        all.push_back({each.head.seq, each.head.kind, &each.head, &each, nullptr});
    auto note = std::ranges::upper_bound(notes_, wanted.since, {}, &note_entry::seq);
    for (; note != notes_.end() && note->seq < end; ++note)
        all.push_back({note->seq, note->kind, nullptr, nullptr, &*note});
    std::ranges::sort(all, {}, &found::seq);
    if (wanted.newest)
        std::ranges::reverse(all);

    journal_page page;
    page.next = wanted.since;
    std::uint64_t seen = 0;
    for (auto const& each : all) {
        if (page.records.size() >= wanted.limit)
            break;
        page.next = std::max(page.next, each.seq);
        ++seen;
        if (!wants(wanted, each.kind))
            continue;
        auto record = each.entry != nullptr ? told(*each.entry) : told(*each.note);
        if (!wants(wanted, record))
            continue;
        if (each.of_operation != nullptr)
            record.operation = each.of_operation->told();
        record.wall = wall_.at(record.at);
        page.records.push_back(std::move(record));
    }
    if (wanted.newest || seen == all.size())
        page.next = std::max(wanted.since, end - 1);
    if (wanted.newest)
        std::ranges::reverse(page.records);
    else
        page.missed = page.next - wanted.since - seen;
    return page;
}

std::uint64_t journal::dropped() const
{
    std::uint64_t sum = 0;
    for (auto const& each : rings_)
        sum += each->connections.dropped() + each->hits.dropped() + each->operations.dropped();
    std::lock_guard const hold(lock_);
    return sum + notes_dropped_;
}

}  // namespace aconite
