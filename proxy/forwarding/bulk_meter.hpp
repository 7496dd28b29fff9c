#pragma once

#include <cstddef>
#include <cstdint>

namespace aconite {

/// Tells a stream of large reads, which is cheaper to splice, from one of messages, which is
/// cheaper to copy. Pure arithmetic; docs/performance.md has the measurements behind the bounds.
class bulk_meter {
public:
    /// A read that copied `bytes`.
    void copied(std::size_t bytes)
    {
        large_ = bytes >= large_bytes ? static_cast<std::uint8_t>(large_ + 1) : std::uint8_t{0};
        if (large_ == large_reads)
            *this = bulk_meter(true);
    }

    /// A read that spliced `bytes`.
    void spliced(std::size_t bytes)
    {
        small_ = bytes < small_bytes ? static_cast<std::uint8_t>(small_ + 1) : std::uint8_t{0};
        if (small_ == small_reads)
            *this = bulk_meter(false);
    }

    /// There is no pipe to be had: copy on, and ask again after the next large reads.
    void no_pipe() { *this = bulk_meter(false); }

    /// The next read should be spliced.
    [[nodiscard]] bool bulk() const { return bulk_; }

    bulk_meter() = default;

private:
    explicit bulk_meter(bool bulk) : bulk_(bulk) {}

    static constexpr std::size_t large_bytes = 32 * 1024;
    static constexpr std::uint8_t large_reads = 2;
    static constexpr std::size_t small_bytes = 8 * 1024;
    static constexpr std::uint8_t small_reads = 8;

    bool bulk_ = false;
    std::uint8_t large_ = 0;
    std::uint8_t small_ = 0;
};

}  // namespace aconite
