#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::experiment {

/// How many columns a text takes: letters, not bytes; wide ones count as one.
[[nodiscard]] std::size_t columns_of(std::string_view text);
/// The text, cut at so many columns, with `...` if something is cut off.
[[nodiscard]] std::string cut_to(std::string_view text, std::size_t columns);
/// `[#####-----]`, of so many columns in all.
[[nodiscard]] std::string bar_of(double share, std::size_t columns);
/// Numbers as a row of small bars, the greatest as high as it gets; one column each.
[[nodiscard]] std::string sparkline_of(std::vector<double> const& numbers);

/// Some lines at the bottom of a terminal that are drawn anew in place. One thread.
class screen {
public:
    /// Whether the file descriptor is a terminal that can do it, and nobody has set TERM=dumb.
    static bool can(int descriptor);

    explicit screen(int descriptor) : descriptor_(descriptor) {}
    /// Takes the lines away again.
    void clear();
    /// The lines, instead of those before. Each is cut at the terminal's width, and all of them at
    /// its height: what has left the screen could not be drawn anew.
    void draw(std::vector<std::string> const& lines);
    /// A line that stays, above those that are drawn; they are gone until the next `draw`.
    void say(std::string const& line);

private:
    void put(std::string const& text) const;
    struct extent {
        std::size_t columns;
        std::size_t lines;
    };
    [[nodiscard]] extent size() const;

    int descriptor_;
    std::size_t drawn_ = 0;
};

}  // namespace aconite::experiment
