#include "proxy/record/journal_ring.hpp"

#include "proxy/net/split.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <new>

namespace aconite {
namespace {

// A slot is read while it may be written: its words are used as atomics. The first word is the
// number of the record, 0 while the others change; so who finds it the same before and after, and
// not 0, has a whole record.
using atomic_word = std::atomic_ref<std::uint64_t>;

std::uint64_t& number_of(journal_entry& entry)
{
    return entry.seq;
}

std::uint64_t& number_of(operation_entry& entry)
{
    return entry.head.seq;
}

}  // namespace

void journal_entry::say(std::string_view what)
{
    std::ranges::fill(text, '\0');
    std::copy_n(what.begin(), std::min(what.size(), std::size(text)), text);
}

std::string_view journal_entry::said() const
{
    return {std::begin(text),
            static_cast<std::size_t>(std::find(std::begin(text), std::end(text), '\0') - text)};
}

void operation_entry::add(std::string_view name, std::string_view value)
{
    auto const room = std::size(operation) - used_;
    if (value.empty() || room < name.size() + 3)
        return;
    auto* to = std::copy(name.begin(), name.end(), operation + used_);
    *to++ = '\0';
    value = value.substr(0, room - name.size() - 2);
    to = std::ranges::replace_copy(value, to, '\0', ' ').out;
    *to++ = '\0';
    used_ = static_cast<std::uint64_t>(to - operation);
}

std::vector<std::pair<std::string, std::string>> operation_entry::told() const
{
    std::vector<std::pair<std::string, std::string>> facts;
    for (std::string_view rest(operation, used_); !rest.empty();) {
        auto const name = take_part(rest, '\0');
        facts.emplace_back(name, take_part(rest, '\0'));
    }
    return facts;
}

template <class Entry>
journal_ring<Entry>::journal_ring(journal_order& order, std::size_t capacity)
    : order_(order),
      capacity_(capacity),
      // Zeroed memory that the system does not give before it is touched.
      memory_(static_cast<std::uint64_t*>(std::calloc(capacity * words, sizeof(std::uint64_t))),
              &std::free)
{
    if (capacity > 0 && !memory_)
        throw std::bad_alloc();
}

template <class Entry>
void journal_ring<Entry>::write(Entry what)
{
    if (capacity_ == 0)
        return;
    writing_.store(order_.next.load(std::memory_order_relaxed));
    number_of(what) = order_.next.fetch_add(1);
    auto const copy = std::bit_cast<std::array<std::uint64_t, words>>(what);

    auto const n = written_.load(std::memory_order_relaxed);
    auto* const to = slot(n);
    atomic_word(to[0]).store(0, std::memory_order_relaxed);
    for (std::size_t i = 1; i < words; ++i)
        atomic_word(to[i]).store(copy[i], std::memory_order_release);
    atomic_word(to[0]).store(copy[0], std::memory_order_release);
    written_.store(n + 1, std::memory_order_release);
    writing_.store(UINT64_MAX, std::memory_order_release);
}

template <class Entry>
std::uint64_t journal_ring<Entry>::complete_below() const
{
    return writing_.load();
}

template <class Entry>
std::uint64_t journal_ring<Entry>::dropped() const
{
    auto const written = written_.load(std::memory_order_relaxed);
    return written - std::min<std::uint64_t>(written, capacity_);
}

template <class Entry>
void journal_ring<Entry>::read(std::uint64_t since, std::uint64_t end,
                               std::vector<Entry>& into) const
{
    auto const written = written_.load(std::memory_order_acquire);
    for (auto n = written; n > 0 && written - n < capacity_; --n) {
        auto* const from = slot(n - 1);
        std::array<std::uint64_t, words> copy;
        copy[0] = atomic_word(from[0]).load(std::memory_order_acquire);
        for (std::size_t i = 1; i < words; ++i)
            copy[i] = atomic_word(from[i]).load(std::memory_order_acquire);
        if (copy[0] == 0 || atomic_word(from[0]).load(std::memory_order_relaxed) != copy[0])
            return;  // overwritten meanwhile, and so is all that is older
        if (copy[0] <= since)
            return;
        if (copy[0] >= end)
            continue;
        into.push_back(std::bit_cast<Entry>(copy));
    }
}

template class journal_ring<journal_entry>;
template class journal_ring<operation_entry>;

}  // namespace aconite
