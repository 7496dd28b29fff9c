#pragma once

#include <aconite/aim.hpp>
#include <aconite/time.hpp>

#include <atomic>
#include <cstdint>
#include <memory>

namespace aconite {

/// When a toxic acts on the connections that it was drawn for. One object for all connections of
/// a toxic, shared by the shards: it counts their hits.
class trigger {
public:
    /// What the toxic asks for. A plain value.
    struct rule {
        duration after{};               ///< it takes effect so long after it was put in force
        std::uint64_t after_bytes = 0;  ///< and behind so many bytes of the stream
        std::uint64_t after_hits = 0;   ///< so many hits are let off first
        std::uint64_t every = 1;        ///< of those that follow, every n-th counts
        std::uint64_t times = 0;        ///< and of these so many; 0: all
        bool per_connection = false;    ///< each connection counts for itself

        friend bool operator==(rule const&, rule const&) = default;
    };

    explicit trigger(rule const& wanted) : rule_(wanted) {}

    /// By the values of `trigger_row`; null if they ask for nothing.
    static std::shared_ptr<trigger> from(attribute_values const& values);

    [[nodiscard]] rule const& rules() const { return rule_; }

    /// Whether the toxic may act now; `own` counts the hits of its connection. Any thread, with a
    /// count of its own each.
    bool hit(std::uint64_t& own)
    {
        return acts(rule_.per_connection ? own++ : hits_.fetch_add(1, std::memory_order_relaxed));
    }

private:
    /// Whether hit number `n`, counted from 0, counts.
    [[nodiscard]] bool acts(std::uint64_t n) const
    {
        if (n < rule_.after_hits)
            return false;
        auto const number = n - rule_.after_hits + 1;
        return number % rule_.every == 0 &&
               (rule_.times == 0 || number / rule_.every <= rule_.times);
    }

    rule const rule_;
    std::atomic<std::uint64_t> hits_{0};
};

}  // namespace aconite
