#include "clients/cli/text/table.hpp"

#include <aconite/text.hpp>

#include <algorithm>

namespace aconite::cli {
namespace {

/// Characters, not bytes: UTF-8's continuation bytes take no room.
std::size_t width_of(std::string_view text)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace

table::table(std::vector<std::string> header)
{
    auto& row = rows_.emplace_back();
    for (auto& title : header)
        row.emplace_back(std::move(title), colour::bold);
}

void table::add(std::vector<cell> row)
{
    for (auto& entry : row)
        entry.text = printable(entry.text);
    rows_.push_back(std::move(row));
}

std::string table::text(bool with_colours) const
{
    std::vector<std::size_t> widths(rows_.front().size());
    for (auto const& row : rows_)
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], width_of(row[i].text));

    std::string out;
    for (auto const& row : rows_) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            auto const& entry = row[i];
            out += with_colours ? painted(entry.text, entry.paint) : entry.text;
            if (i + 1 < row.size())
                out.append(widths[i] - width_of(entry.text) + 2, ' ');
        }
        out += '\n';
    }
    return out;
}

std::string painted(std::string_view text, colour paint)
{
    std::string_view code;
    switch (paint) {
    case colour::none:
        return std::string(text);
    case colour::bold:
        code = "\x1b[1m";
        break;
    case colour::green:
        code = "\x1b[32m";
        break;
    case colour::red:
        code = "\x1b[31m";
        break;
    }
    return std::string(code).append(text).append("\x1b[0m");
}

}  // namespace aconite::cli
