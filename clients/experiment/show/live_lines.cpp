#include "clients/experiment/show/live_lines.hpp"

#include "clients/experiment/show/screen.hpp"
#include "clients/experiment/values/units.hpp"

#include <aconite/text.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace aconite::experiment {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t bar_columns = 32;
constexpr std::size_t sparks = 30;
constexpr auto recent = 2s;
constexpr std::size_t name_columns = 44;

std::string stage_line(progress_view const& of, time_point now)
{
    auto const number = of.phase > 0 ? fmt::format("phase {}/{} ", of.phase, of.phases) : "";
    if (of.stage_end == never || of.stage_begin == never)
        return fmt::format("  {}{}", number, printable(of.stage));
    auto const all = std::chrono::duration<double>(of.stage_end - of.stage_begin).count();
    auto const gone = std::chrono::duration<double>(now - of.stage_begin).count();
    return fmt::format("  {}{}  {}  {:.0f} of {:.0f} s", number, printable(of.stage),
                       bar_of(all > 0 ? gone / all : 1, bar_columns), std::min(gone, all), all);
}

std::string load_line(std::string const& name, recorder const& of, time_point now)
{
    auto const last = of.between(now - recent, now);
    std::vector<double> slowest;
    for (auto i = sparks; i-- > 0;) {
        auto const end = now - 1s * static_cast<std::int64_t>(i);
        if (end - 1s < of.origin())
            continue;
        slowest.push_back(
            std::chrono::duration<double>(of.between(end - 1s, end).answered.at(0.99)).count());
    }
    auto const seconds = std::max(last.seconds, 0.1);
    return fmt::format("  {}  {:.0f}/s ok, {:.0f}/s errors, p99 {}  {}", name,
                       static_cast<double>(last.ok) / seconds,
                       static_cast<double>(last.errors) / seconds,
                       to_text(nanoseconds(last.answered.at(0.99))), sparkline_of(slowest));
}

std::string check_line(std::string const& name, judgement const& is)
{
    auto const* mark = is.state == check_state::passed   ? "✔"
                       : is.state == check_state::failed ? "✘"
                                                         : "·";
    auto const seen = is.actual.empty() ? is.text : is.actual;
    auto const shown = cut_to(printable(name), name_columns);
    return fmt::format("  {} {}{}  {}", mark, shown,
                       std::string(name_columns - columns_of(shown), ' '), printable(seen));
}

}  // namespace

std::vector<std::string> live_lines(progress const& of, time_point now, time_point begin)
{
    auto const view = of.view();
    auto const gone = std::chrono::duration_cast<std::chrono::seconds>(now - begin).count();
    std::vector<std::string> lines = {
        fmt::format("{}  {}:{:02}", printable(view.experiment), gone / 60, gone % 60),
        stage_line(view, now)};
    if (!view.faults.empty())
        lines.push_back(printable(fmt::format("  in force: {}", fmt::join(view.faults, ", "))));
    of.with_observations([&](observations const* seen) {
        if (seen == nullptr)
            return;
        for (auto const& [name, load] : seen->loads())
            lines.push_back(load_line(name, *load, now));
    });
    for (auto const& [name, is] : view.checks)
        lines.push_back(check_line(name, is));
    return lines;
}

}  // namespace aconite::experiment
