#include "api/daemon/repeated_task.hpp"

#include "proxy/loop/thread_without_signals.hpp"

#include <utility>

namespace aconite::daemon {

repeated_task::repeated_task(std::function<void()> task)
    : task_(std::move(task)), thread_(thread_without_signals([this] { run(); }))
{}

repeated_task::~repeated_task()
{
    stop({});
    thread_.join();
}

void repeated_task::ask()
{
    std::lock_guard const hold(lock_);
    asked_ = true;
    changed_.notify_all();
}

bool repeated_task::stop(std::chrono::milliseconds patience)
{
    std::unique_lock hold(lock_);
    stopped_ = true;
    changed_.notify_all();
    return changed_.wait_for(hold, patience, [this] { return over_; });
}

void repeated_task::run()
{
    std::unique_lock hold(lock_);
    for (;;) {
        changed_.wait(hold, [this] { return asked_ || stopped_; });
        if (stopped_)
            break;
        asked_ = false;
        hold.unlock();
        task_();
        hold.lock();
    }
    over_ = true;
    changed_.notify_all();
}

}  // namespace aconite::daemon
