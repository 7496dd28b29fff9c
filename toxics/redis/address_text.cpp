#include "toxics/redis/address_text.hpp"

#include "toxics/redis/host_port.hpp"
#include "toxics/redis/word_list.hpp"

#include <algorithm>
#include <cstddef>

namespace aconite::redis {
namespace {

/// The place of `host:port` from the book, written in the same way, or the text as it is.
std::string pair_inside(std::string_view text, address_book& book)
{
    auto const there = host_port_text::of(text);
    auto const place = book.inside(there.host, there.port);
    return place ? there.written(*place) : std::string(text);
}

/// How many words stand before the address; 0: it is no such error.
std::size_t words_before_address(std::string_view error)
{
    if (error.starts_with("MOVED ") || error.starts_with("ASK "))
        return 2;
    return error.starts_with("REDIRECT ") ? 1 : 0;
}

/// `host:port@bus,hostname,...`
std::string node_inside(std::string_view word, address_book& book)
{
    auto const end = std::min(word.find_first_of("@,"), word.size());
    auto const there = host_port_text::of(word.substr(0, end));
    auto const place = book.inside(there.host, there.port);
    if (!place)
        return std::string(word);
    auto made = there.written(*place);
    auto const comma = word.find(',', end);
    if (comma == std::string_view::npos)
        return made.append(word.substr(end));
    auto const behind = std::min(word.find(',', comma + 1), word.size());
    made.append(word.substr(end, comma + 1 - end));
    if (behind > comma + 1)  // it has a name
        made.append(place->host);
    return made.append(word.substr(behind));
}

std::string node_line_inside(std::string_view line, address_book& book)
{
    auto const begin = line.find(' ');
    if (begin == std::string_view::npos)
        return std::string(line);
    auto const end = std::min(line.find(' ', begin + 1), line.size());
    return std::string(line.substr(0, begin + 1))
        .append(node_inside(line.substr(begin + 1, end - begin - 1), book))
        .append(line.substr(end));
}

}  // namespace

bool is_redirection(std::string_view error)
{
    return words_before_address(error) > 0;
}

std::string redirection_inside(std::string_view error, address_book& book)
{
    std::size_t begin = 0;
    for (auto words = words_before_address(error); words > 0; --words) {
        begin = error.find(' ', begin) + 1;
        if (begin == 0)
            return std::string(error);
    }
    if (begin == 0)
        return std::string(error);
    auto const end = std::min(error.find_first_of(" \r\n", begin), error.size());
    return std::string(error.substr(0, begin))
        .append(pair_inside(error.substr(begin, end - begin), book))
        .append(error.substr(end));
}

std::string nodes_inside(std::string_view lines, address_book& book)
{
    std::string made;
    each_line(lines, [&](std::string_view line, std::string_view end) {
        made.append(node_line_inside(line, book)).append(end);
    });
    return made;
}

}  // namespace aconite::redis
