#include "proxy/engine/agenda.hpp"

#include "proxy/loop/thread_without_signals.hpp"

namespace aconite {

appointment::~appointment()
{
    if (on_ != nullptr)
        on_->tasks_.erase(key_);
}

appointment agenda::at(time_point when, std::function<void()> task)
{
    if (!thread_.joinable() && !stopped_)
        thread_ = thread_without_signals([this] { run(); });
    appointment::key const key{when, next_++};
    tasks_.emplace(key, std::move(task));
    if (tasks_.begin()->first == key)
        changed_.notify_one();
    return {*this, key};
}

void agenda::stop()
{
    {
        std::lock_guard const hold(lock_);
        stopped_ = true;
        changed_.notify_one();
    }
    if (thread_.joinable())
        thread_.join();
}

void agenda::run()
{
    std::unique_lock hold(lock_);
    while (!stopped_) {
        if (tasks_.empty()) {
            changed_.wait(hold);
            continue;
        }
        auto const due = tasks_.begin()->first.first;
        auto const now = std::chrono::steady_clock::now();
        if (now < due) {
            changed_.wait_until(hold, due);
            continue;
        }
        auto const task = tasks_.extract(tasks_.begin());
        task.mapped()();
        // However much is due, others get the lock for as long as this took.
        changed_.wait_until(hold, later(now, 2 * (std::chrono::steady_clock::now() - now)));
    }
}

}  // namespace aconite
