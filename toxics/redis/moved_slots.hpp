#pragma once

#include <aconite/time.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <unordered_map>

namespace aconite::redis {

/// Clients of a proxy that were told that a slot has moved, and have not come again for it. Who
/// follows may come on another connection, and nobody knows whose that is: so for each that was
/// told one is let pass. Any thread.
class moved_slots {
public:
    /// Who has not come by then follows nobody.
    static constexpr duration patience = std::chrono::seconds(1);

    /// A client was told.
    void tell(std::uint16_t slot, time_point now);
    /// Somebody comes for the slot: whether one of them may be it, which then has come.
    bool take(std::uint16_t slot, time_point now);
    /// Nobody was told.
    [[nodiscard]] bool empty() const { return slots_ == 0; }

private:
    struct expected {
        std::size_t clients = 0;
        time_point told{};  ///< the last of them
    };

    std::atomic<std::size_t> slots_{0};
    std::mutex mutex_;
    std::unordered_map<std::uint16_t, expected> expected_;
};

}  // namespace aconite::redis
