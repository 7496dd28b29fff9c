#pragma once

#include "proxy/record/journal_ring.hpp"
#include "proxy/record/wall_clock.hpp"

#include <aconite/journal.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aconite {

/// What happened, newest first to stay: the connections, the hits and those of operations of each
/// shard in rings of their own, so that a flood of hits does not push out the connections, and what
/// was changed in a list with its texts. Any thread, unless it says otherwise.
class journal {
public:
    /// Keeps about `records` in all; 0 keeps none.
    journal(std::size_t shards, std::size_t records);

    /// Notes a record of the data path. Only the thread of that shard.
    void write(std::size_t shard, journal_entry const& what);
    void write(std::size_t shard, operation_entry const& what);

    /// Notes a change that was made, or a mark. `toxic` may be empty.
    void note(record_kind kind, std::string proxy, std::string toxic, std::string text,
              std::optional<toxic_info> config = {});

    /// What numbers are called in records from now on. Those that are forgotten keep their names
    /// while less than ten thousand more are.
    void name_proxy(std::uint64_t proxy, std::string name);
    void name_toxic(std::uint64_t proxy, std::uint64_t toxic, std::string name);
    void forget_proxy(std::uint64_t proxy);
    void forget_toxic(std::uint64_t proxy, std::uint64_t toxic);

    [[nodiscard]] journal_page read(journal_query const& wanted) const;
    /// The calendar of its records.
    [[nodiscard]] wall_clock const& clock() const { return wall_; }
    /// How many records there ever were, and how many of them were overwritten.
    [[nodiscard]] std::uint64_t written() const { return order_.next.load() - 1; }
    [[nodiscard]] std::uint64_t dropped() const;

private:
    struct shard_rings {
        shard_rings(journal_order& order, std::size_t records)
            : connections(order, records), hits(order, records), operations(order, records / 2)
        {}
        journal_ring<journal_entry> connections;
        journal_ring<journal_entry> hits;
        journal_ring<operation_entry> operations;
    };
    /// A change or a mark, small: a server may have thousands of proxies.
    struct note_entry {
        std::uint64_t seq = 0;
        time_point at{};
        record_kind kind = record_kind::control;
        std::string proxy;
        std::string toxic;
        std::string text;
        std::unique_ptr<toxic_info const> config;
    };
    struct found {
        std::uint64_t seq = 0;
        record_kind kind = record_kind::hit;
        journal_entry const* entry = nullptr;           ///< the one
        operation_entry const* of_operation = nullptr;  ///< whose head that is, if it is one
        note_entry const* note = nullptr;               ///< or the other
    };
    using name_key = std::pair<std::uint64_t, std::uint64_t>;  ///< proxy and toxic, which may be 0

    [[nodiscard]] journal_record told(journal_entry const& entry) const;
    [[nodiscard]] static journal_record told(note_entry const& entry);
    [[nodiscard]] std::string name_of(name_key key) const;
    [[nodiscard]] std::uint64_t complete_below() const;
    void forget(name_key key);

    wall_clock const wall_;
    journal_order order_;
    std::vector<std::unique_ptr<shard_rings>> rings_;
    std::size_t const notes_max_;
    mutable std::mutex lock_;  ///< of what follows
    std::deque<note_entry> notes_;
    std::uint64_t notes_dropped_ = 0;
    std::map<name_key, std::string> names_;
    std::deque<name_key> forgotten_;
};

}  // namespace aconite
