#pragma once

#include "proxy/pipeline/plan.hpp"

#include <memory>
#include <mutex>
#include <utility>

namespace aconite {

/// Where the plan of a proxy stands for all shards to see: who opens a connection reads it
/// here. Any thread.
class plan_board {
public:
    explicit plan_board(std::shared_ptr<plan const> first) : plan_(std::move(first)) {}

    void put_up(std::shared_ptr<plan const> next)
    {
        std::lock_guard const hold(lock_);
        plan_ = std::move(next);
    }

    [[nodiscard]] std::shared_ptr<plan const> in_force() const
    {
        std::lock_guard const hold(lock_);
        return plan_;
    }

private:
    mutable std::mutex lock_;
    std::shared_ptr<plan const> plan_;
};

}  // namespace aconite
