#include "clients/experiment/show/screen.hpp"

#include <fmt/format.h>

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <span>

namespace aconite::experiment {
namespace {

constexpr std::array<std::string_view, 8> heights = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

bool begins_letter(char c)
{
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

}  // namespace

std::size_t columns_of(std::string_view text)
{
    return static_cast<std::size_t>(std::ranges::count_if(text, begins_letter));
}

std::string cut_to(std::string_view text, std::size_t columns)
{
    constexpr std::string_view dots = "...";
    if (columns_of(text) <= columns)
        return std::string(text);
    auto left = columns > dots.size() ? columns - dots.size() : 0;
    std::size_t bytes = 0;
    while (bytes < text.size() && (left > 0 || !begins_letter(text[bytes])))
        if (begins_letter(text[bytes++]))
            --left;
    return std::string(text.substr(0, bytes)) +
           std::string(dots.substr(0, std::min(columns, dots.size())));
}

std::string bar_of(double share, std::size_t columns)
{
    auto const inside = columns > 2 ? columns - 2 : 0;
    auto const full = static_cast<std::size_t>(
        std::lround(std::clamp(share, 0.0, 1.0) * static_cast<double>(inside)));
    return "[" + std::string(full, '#') + std::string(inside - full, '-') + "]";
}

std::string sparkline_of(std::vector<double> const& numbers)
{
    auto const most = numbers.empty() ? 0 : std::ranges::max(numbers);
    std::string line;
    for (auto const number : numbers) {
        auto const share = most > 0 ? std::max(number, 0.0) / most : 0;
        line += heights[static_cast<std::size_t>(std::lround(share * (heights.size() - 1)))];
    }
    return line;
}

bool screen::can(int descriptor)
{
    auto const* terminal = std::getenv("TERM");
    return isatty(descriptor) == 1 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

void screen::clear()
{
    if (drawn_ > 0)
        put(fmt::format("\x1b[{}F\x1b[J", drawn_));
    drawn_ = 0;
}

void screen::draw(std::vector<std::string> const& lines)
{
    std::string text;
    if (drawn_ > 0)
        text = fmt::format("\x1b[{}F\x1b[J", drawn_);
    auto const room = size();
    bool const all = lines.size() < room.lines;  // the cursor stands on a line of its own
    auto const shown = all ? lines.size() : std::max<std::size_t>(room.lines, 3) - 2;
    for (auto const& line : std::span(lines).first(shown))
        text += cut_to(line, room.columns) + "\n";
    if (!all)
        text += cut_to(fmt::format("  ... {} more", lines.size() - shown), room.columns) + "\n";
    put(text);
    drawn_ = all ? shown : shown + 1;
}

void screen::say(std::string const& line)
{
    clear();
    put(line + "\n");
}

void screen::put(std::string const& text) const
{
    std::string_view rest = text;
    while (!rest.empty()) {
        auto const written = write(descriptor_, rest.data(), rest.size());
        if (written <= 0)
            return;
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
}

screen::extent screen::size() const
{
    winsize size{};
    if (ioctl(descriptor_, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0)
        return {size.ws_col, size.ws_row};
    return {80, 24};
}

}  // namespace aconite::experiment
