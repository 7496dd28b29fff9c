#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aconite::cli {

enum class colour { none, bold, green, red };

struct cell {
    std::string text;
    colour paint = colour::none;

    cell(std::string content, colour paint_it = colour::none)
        : text(std::move(content)), paint(paint_it)
    {}
    cell(char const* content) : text(content) {}
};

/// Rows of text in columns that line up, two spaces apart, under a header.
class table {
public:
    explicit table(std::vector<std::string> header);

    /// Adds a row of as many cells as the header has. They are made `printable`.
    void add(std::vector<cell> row);

    [[nodiscard]] std::string text(bool with_colours) const;

private:
    std::vector<std::vector<cell>> rows_;
};

/// `text` between the terminal's codes for a colour.
std::string painted(std::string_view text, colour paint);

}  // namespace aconite::cli
