#include "clients/experiment/show/live.hpp"

#include "clients/experiment/show/live_lines.hpp"
#include "clients/experiment/show/screen.hpp"

#include <aconite/text.hpp>

#include <fmt/format.h>

#include <unistd.h>

#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <optional>
#include <thread>

namespace aconite::experiment {
namespace {

using namespace std::chrono_literals;

constexpr auto turn = 250ms;

}  // namespace

class live_view::impl {
public:
    impl(progress& of, how wanted) : of_(of), begin_(std::chrono::steady_clock::now())
    {
        of_.on_event = [this](event const& what) { tell(what); };
        if (wanted == how::lines || !screen::can(STDERR_FILENO))
            return;
        screen_.emplace(STDERR_FILENO);
        draws_ = std::thread([this] { draw(); });
    }

    ~impl()
    {
        {
            std::scoped_lock const lock(mutex_);
            over_ = true;
        }
        ends_.notify_all();
        if (draws_.joinable())
            draws_.join();
        of_.on_event = nullptr;
        if (screen_)
            screen_->clear();
    }
    impl(impl const&) = delete;
    impl& operator=(impl const&) = delete;

private:
    void tell(event const& what)
    {
        auto const seconds = std::chrono::duration<double>(what.at - begin_).count();
        auto const* mark = what.how_bad == event::level::info ? "" : "! ";
        auto const line = fmt::format("{:8.1f} s  {}{}", seconds, mark, printable(what.text));
        std::scoped_lock const lock(mutex_);
        if (screen_)
            screen_->say(line);
        else
            std::fputs((line + "\n").c_str(), stderr);
    }

    void draw()
    {
        std::unique_lock lock(mutex_);
        while (!ends_.wait_for(lock, turn, [this] { return over_; })) {
            lock.unlock();
            auto const lines = live_lines(of_, std::chrono::steady_clock::now(), begin_);
            lock.lock();
            screen_->draw(lines);
        }
    }

    progress& of_;
    time_point begin_;
    std::mutex mutex_;
    std::condition_variable ends_;
    bool over_ = false;
    std::optional<screen> screen_{};
    std::thread draws_;
};

live_view::live_view(progress& of, how wanted) : impl_(std::make_unique<impl>(of, wanted)) {}
live_view::~live_view() = default;

}  // namespace aconite::experiment
