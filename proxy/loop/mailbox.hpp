#pragma once

#include "proxy/loop/pump_set.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace aconite {

/// Work for one thread from any other. An eventfd in the thread's pump set tells it.
class mailbox final : public io_handler {
public:
    /// Throws std::system_error.
    mailbox();

    /// Has `work` called on the mailbox's thread, in the order of the posts. Any thread.
    template <class F>
    void post(F work)
    {
        put(std::make_unique<task_of<F>>(std::move(work)));
    }

    /// Does what was posted until now. Not from within such work.
    void on_io(std::uint32_t events) override;

    /// Something was posted. May miss what another thread has just done: its event tells of that.
    [[nodiscard]] bool waiting() const { return waiting_.load(std::memory_order_relaxed); }

    [[nodiscard]] int fd() const { return bell_.get(); }

private:
    struct task {
        virtual void run() = 0;
        virtual ~task() = default;
    };
    template <class F>
    struct task_of final : task {
        explicit task_of(F work) : work_(std::move(work)) {}
        void run() override { work_(); }
        F work_;
    };

    void put(std::unique_ptr<task> what);

    unique_fd bell_;
    std::mutex lock_;
    std::vector<std::unique_ptr<task>> posted_;
    std::atomic<bool> waiting_ = false;  ///< posted_ is not empty; changed under the lock
    std::vector<std::unique_ptr<task>> running_;
};

}  // namespace aconite
