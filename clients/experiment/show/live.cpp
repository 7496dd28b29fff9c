#include "clients/experiment/show/live.hpp"

#include <aconite/text.hpp>

#include <fmt/format.h>

#include <cstdio>

namespace aconite::experiment {

class live_view::impl {
public:
    explicit impl(progress& of) : of_(of), begin_(std::chrono::steady_clock::now())
    {
        of_.on_event = [this](event const& what) { line(what); };
    }
    ~impl() { of_.on_event = nullptr; }

private:
    void line(event const& what) const
    {
        auto const seconds = std::chrono::duration<double>(what.at - begin_).count();
        auto const* mark = what.how_bad == event::level::info ? "" : "! ";
        std::fputs(fmt::format("{:8.1f} s  {}{}\n", seconds, mark, printable(what.text)).c_str(),
                   stderr);
    }

    progress& of_;
    time_point begin_;
};

live_view::live_view(progress& of, how) : impl_(std::make_unique<impl>(of)) {}
live_view::~live_view() = default;

}  // namespace aconite::experiment
