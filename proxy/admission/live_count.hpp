#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <utility>

namespace aconite {

/// How many connections of one running proxy are live, on whatever shard; one that is being
/// dialled is. Any thread.
class live_count {
public:
    /// `ended` is called, on the thread of a connection that ends, once for each `await_end`.
    explicit live_count(std::function<void()> ended) : ended_(std::move(ended)) {}

    [[nodiscard]] std::uint64_t value() const { return live_; }

    void enter() { ++live_; }
    void leave()
    {
        --live_;
        if (awaited_ && awaited_.exchange(false))
            ended_();
    }

    /// Asks to be told of the next end. Look at `value` after it, not before: an end in between
    /// is told as well.
    void await_end() { awaited_ = true; }

private:
    std::function<void()> ended_;
    std::atomic<std::uint64_t> live_{0};
    std::atomic<bool> awaited_{false};
};

}  // namespace aconite
