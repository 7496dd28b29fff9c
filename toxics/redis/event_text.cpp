// What sentinels publish. https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/
#include "proxy/net/number.hpp"
#include "toxics/redis/address_text.hpp"
#include "toxics/redis/host_port.hpp"
#include "toxics/redis/word_list.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <vector>

namespace aconite::redis {
namespace {

constexpr std::string_view hello_channel = "__sentinel__:hello";
/// No sentinel says more at once.
constexpr std::size_t event_bytes_max = 4096;
/// What an event is about.
constexpr std::string_view instance_types[] = {"master", "slave", "replica", "sentinel"};

/// A host, and a port behind it, `gap` words further on.
void place_words(std::vector<std::string>& words, std::size_t host, address_book& book,
                 std::size_t gap = 1)
{
    if (host + gap >= words.size())
        return;
    auto& port = words[host + gap];
    auto const place = book.inside(words[host], number_in<std::int64_t>(port).value_or(-1));
    if (!place)
        return;
    words[host] = place->host;
    port = std::to_string(place->port);
}

/// A replica's name is its address.
void place_name(std::string& name, address_book& book)
{
    auto const there = host_port_text::of(name);
    if (there.port < 0)
        return;
    if (auto const place = book.inside(there.host, there.port))
        name = there.written(*place);
}

/// `type name ip port @ master ip port ...`, and sometimes `ip ... port ...` behind it.
void place_instance(std::vector<std::string>& words, address_book& book)
{
    constexpr std::size_t at_sign = 4;
    if (words.size() < at_sign ||
        std::ranges::find(instance_types, words[0]) == std::end(instance_types))
        return;
    place_name(words[1], book);
    place_words(words, 2, book);
    std::size_t next = at_sign;
    if (next < words.size() && words[next] == "@") {
        place_words(words, next + 2, book);
        next += 4;
    }
    for (; next + 3 < words.size(); ++next)
        if (words[next] == "ip" && words[next + 2] == "port")
            place_words(words, next + 1, book, 2);
}

}  // namespace

bool is_of_sentinel(std::string_view channel)
{
    return channel.starts_with('+') || channel.starts_with('-') || channel == hello_channel;
}

std::string event_inside(std::string_view channel, std::string_view text, address_book& book)
{
    if (text.size() > event_bytes_max)
        return std::string(text);
    char const by = channel == hello_channel ? ',' : ' ';
    auto words = parted(text, by);
    if (channel == hello_channel) {  // of the sentinel, and of its master
        place_words(words, 0, book);
        place_words(words, 5, book);
    } else if (channel == "+switch-master") {
        place_words(words, 1, book);
        place_words(words, 3, book);
    } else {
        place_instance(words, book);
    }
    return joined(words, by);
}

}  // namespace aconite::redis
