#include "clients/experiment/run/watcher.hpp"

#include <algorithm>
#include <exception>

namespace aconite::experiment {

using clock = std::chrono::steady_clock;

void watcher::add(std::string name, std::unique_ptr<probe> through)
{
    std::scoped_lock const lock(mutex_);
    auto& made = eyes_.emplace_back();
    made.name = std::move(name);
    made.through = std::move(through);
    made.runs = std::thread([this, &made] { watch(made); });
}

namespace {

/// What no probe should throw fails a look, and not the run, whose faults are in force.
result<value> look_through(probe& with, std::chrono::milliseconds limit)
{
    try {
        return with.look(limit);
    } catch (std::exception const& fault) {
        return problem{0, fault.what()};
    }
}

}  // namespace

void watcher::watch(eye& with)
{
    std::unique_lock lock(mutex_);
    while (!stopped_) {
        with.hurry = false;
        lock.unlock();
        auto const began = clock::now();
        auto seen = look_through(*with.through, limit_);
        sample made{.at = clock::now()};
        if (seen)
            made.seen = std::move(*seen);
        else
            made.failure = seen.error().text;
        into_.add(with.name, std::move(made));
        lock.lock();
        with.last_began = began;
        changed_.notify_all();
        changed_.wait_until(lock, began + interval_, [&] { return stopped_ || with.hurry; });
    }
}

bool watcher::refresh(time_point deadline)
{
    auto const since = clock::now();
    std::unique_lock lock(mutex_);
    for (auto& each : eyes_)
        each.hurry = true;
    changed_.notify_all();
    return changed_.wait_until(lock, deadline, [&] {
        for (auto& each : eyes_)
            if (each.last_began < since)
                each.hurry = true;  // the look that was under way had begun before
        return stopped_ || std::ranges::all_of(
                               eyes_, [&](eye const& each) { return each.last_began >= since; });
    });
}

void watcher::stop()
{
    {
        std::scoped_lock const lock(mutex_);
        stopped_ = true;
    }
    changed_.notify_all();
    for (auto& each : eyes_)
        if (each.runs.joinable())
            each.runs.join();
}

}  // namespace aconite::experiment
