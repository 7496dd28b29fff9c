// What INFO tells of other servers.
#include "proxy/net/number.hpp"
#include "toxics/redis/address_text.hpp"
#include "toxics/redis/host_port.hpp"
#include "toxics/redis/word_list.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace aconite::redis {
namespace {

constexpr std::string_view master_host = "master_host:";
constexpr std::string_view master_port = "master_port:";
/// No line that tells of a server is as long as that.
constexpr std::size_t info_line_max = 4096;

/// Whether it is `name`, digits and a colon: where what follows them begins; 0: it is not.
std::size_t behind_numbered(std::string_view line, std::string_view name)
{
    if (!line.starts_with(name))
        return 0;
    auto const end = line.find_first_not_of("0123456789", name.size());
    return end != std::string_view::npos && end > name.size() && line[end] == ':' ? end + 1 : 0;
}

/// The one that begins with `name=`; null: there is none.
std::string* field_of(std::vector<std::string>& fields, std::string_view name)
{
    auto const found =
        std::ranges::find_if(fields, [&](auto const& each) { return each.starts_with(name); });
    return found == fields.end() ? nullptr : &*found;
}

/// `ip=127.0.0.1,port=6380,state=online,...`
std::string replica_inside(std::string_view text, address_book& book)
{
    constexpr std::string_view ip_name = "ip=";
    constexpr std::string_view port_name = "port=";
    auto fields = parted(text, ',');
    auto* const ip = field_of(fields, ip_name);
    auto* const port = field_of(fields, port_name);
    if (ip == nullptr || port == nullptr)
        return std::string(text);
    auto const number =
        number_in<std::int64_t>(std::string_view(*port).substr(port_name.size())).value_or(-1);
    auto const place = book.inside(std::string_view(*ip).substr(ip_name.size()), number);
    if (place) {
        *ip = std::string(ip_name).append(place->host);
        *port = std::string(port_name).append(std::to_string(place->port));
    }
    return joined(fields, ',');
}

/// `name=mymaster,status=ok,address=127.0.0.1:6379,...`
std::string master_inside(std::string_view text, address_book& book)
{
    constexpr std::string_view name = "address=";
    auto fields = parted(text, ',');
    auto* const address = field_of(fields, name);
    if (address == nullptr)
        return std::string(text);
    auto const there = host_port_text::of(std::string_view(*address).substr(name.size()));
    if (auto const place = book.inside(there.host, there.port))
        *address = std::string(name).append(there.written(*place));
    return joined(fields, ',');
}

std::string line_inside(std::string_view line, address_book& book)
{
    if (line.size() > info_line_max)
        return std::string(line);
    if (auto const begin = behind_numbered(line, "slave"); begin > 0)
        return std::string(line.substr(0, begin)).append(replica_inside(line.substr(begin), book));
    if (auto const begin = behind_numbered(line, "master"); begin > 0)
        return std::string(line.substr(0, begin)).append(master_inside(line.substr(begin), book));
    return std::string(line);
}

}  // namespace

std::string info_inside(std::string_view lines, address_book& book)
{
    std::string made;
    std::string_view host_line;  // waits for the one of its port
    std::string_view host_end;
    each_line(lines, [&](std::string_view line, std::string_view end) {
        auto const before = std::exchange(host_line, {});
        if (!before.empty() && line.starts_with(master_port)) {
            auto const port = number_in<std::int64_t>(line.substr(master_port.size())).value_or(-1);
            auto const place = book.inside(before.substr(master_host.size()), port);
            if (place) {
                made.append(master_host).append(place->host).append(host_end);
                made.append(master_port).append(std::to_string(place->port)).append(end);
                return;
            }
        }
        if (!before.empty())
            made.append(before).append(host_end);
        if (line.starts_with(master_host)) {
            host_line = line;
            host_end = end;
            return;
        }
        made.append(line_inside(line, book)).append(end);
    });
    if (!host_line.empty())
        made.append(host_line).append(host_end);
    return made;
}

}  // namespace aconite::redis
