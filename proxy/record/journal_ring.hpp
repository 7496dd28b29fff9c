#pragma once

#include "proxy/net/address.hpp"

#include <aconite/journal.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace aconite {

/// A record of the journal as the data path writes it: of a fixed size, names as numbers. What the
/// members mean is told at `journal_record`.
struct journal_entry {
    std::uint64_t seq = 0;  ///< set by the ring; 0: none
    time_point at{};
    record_kind kind = record_kind::hit;
    stream direction = stream::both;
    ending end = ending::half_close;
    bool ends = false;  ///< `end` means something
    ended_by by = ended_by::proxy;
    std::uint32_t proxy = 0;
    std::uint64_t toxic = 0;  ///< of that proxy; 0: none
    std::uint64_t connection = 0;
    std::uint64_t ordinal = 0;
    duration took{};           ///< hit: the delay
    std::uint64_t offset = 0;  ///< close: bytes received upstream
    std::uint64_t bytes = 0;   ///< close: bytes received downstream
    std::uint64_t hits = 0;
    ip_endpoint client{};
    char text[46] = {};  ///< cut off where it is too long, zero-terminated where it is not

    void say(std::string_view what);
    [[nodiscard]] std::string_view said() const;
};
static_assert(sizeof(journal_entry) == 160 && std::is_trivially_copyable_v<journal_entry>);

/// A hit of an operation, with what is known of it.
struct operation_entry {
    journal_entry head;
    /// Name, zero, value, zero, and so on; cut off where it is too long.
    char operation[operation_text_max] = {};

    /// Adds one fact. Of a value that does not fit any more as much as does.
    void add(std::string_view name, std::string_view value);
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> told() const;

private:
    std::uint64_t used_ = 0;
};
static_assert(sizeof(operation_entry) == 520 && std::is_trivially_copyable_v<operation_entry>);

/// The order in which records were made, over all rings of a journal. Any thread.
struct journal_order {
    std::atomic<std::uint64_t> next{1};
};

/// The newest records of one thread, in memory of a fixed size. One thread writes, without a lock,
/// an allocation or a wait; any number read meanwhile. Of `journal_entry` and `operation_entry`.
template <class Entry>
class journal_ring {
public:
    /// Room for `capacity` records, which costs nothing before it is written; 0 keeps none.
    /// `order` outlives the ring.
    journal_ring(journal_order& order, std::size_t capacity);

    /// Keeps `what`, in place of the oldest record if there is no more room.
    void write(Entry what);

    /// Every record below this number that was not overwritten can be read by now.
    [[nodiscard]] std::uint64_t complete_below() const;
    /// How many were overwritten.
    [[nodiscard]] std::uint64_t dropped() const;
    /// Adds the records from `since` (excluded) to `end` (excluded) to `into`, newest first.
    void read(std::uint64_t since, std::uint64_t end, std::vector<Entry>& into) const;

private:
    static constexpr std::size_t words = sizeof(Entry) / sizeof(std::uint64_t);

    [[nodiscard]] std::uint64_t* slot(std::uint64_t n) const
    {
        return memory_.get() + n % capacity_ * words;
    }

    journal_order& order_;
    std::size_t const capacity_;
    std::unique_ptr<std::uint64_t[], decltype(&std::free)> memory_;
    std::atomic<std::uint64_t> written_{0};
    /// While a record is being written: a number not above its own; else the greatest.
    std::atomic<std::uint64_t> writing_{UINT64_MAX};
};

}  // namespace aconite
