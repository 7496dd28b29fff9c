#include "proxy/pipeline/connection_match.hpp"

#include "proxy/net/number.hpp"
#include "proxy/net/split.hpp"

#include <arpa/inet.h>

#include <algorithm>

namespace aconite {
namespace {

constexpr unsigned all_bits = 128;
constexpr unsigned ipv4_prefix_bits = 96;

constexpr attribute match_attributes[] = {
    {.name = "client",
     .summary = "address or subnet of the client, several with commas: 10.0.0.0/8,::1",
     .kind = attribute_kind::text,
     .extra = true},
    {.name = "ordinal",
     .summary = "the connection's number in its proxy, counted from 0; -1: any",
     .fallback = -1,
     .minimum = -1,
     .extra = true},
    {.name = "ordinals",
     .summary = "the same for some: ordinals and ranges, up to 1000: 0,3,7-9",
     .kind = attribute_kind::text,
     .extra = true},
    {.name = "every",
     .unit = "connections",
     .summary = "every n-th connection of the proxy",
     .fallback = 1,
     .minimum = 1,
     .extra = true},
    {.name = "label",
     .summary = "what the proxy's connections were labelled when it was opened",
     .kind = attribute_kind::text,
     .extra = true},
    {.name = "broker",
     .summary =
         "number of the broker whose listener the client came to, where the proxy's protocol "
         "tells of brokers; -1: any",
     .fallback = no_broker,
     .minimum = no_broker,
     .extra = true},
};

}  // namespace

std::span<attribute const> match_row()
{
    return match_attributes;
}

result<subnet> subnet::parse(std::string_view text)
{
    auto const slash = text.find('/');
    std::string const host(text.substr(0, slash));
    subnet made;
    unsigned prefix = 0;
    // A zero byte would end the text for inet_pton.
    bool const whole = host.find('\0') == host.npos;
    if (in_addr v4{}; whole && ::inet_pton(AF_INET, host.c_str(), &v4) == 1) {
        prefix = ipv4_prefix_bits;
        made.first_.s6_addr[10] = made.first_.s6_addr[11] = 0xff;
        std::copy_n(reinterpret_cast<unsigned char const*>(&v4), 4, &made.first_.s6_addr[12]);
    } else if (!whole || ::inet_pton(AF_INET6, host.c_str(), &made.first_) != 1) {
        prefix = all_bits + 1;
    }
    auto const most = all_bits - std::min(prefix, all_bits);
    auto const bits = slash == text.npos ? most : number_in<unsigned>(text.substr(slash + 1));
    if (prefix > all_bits || !bits || *bits > most)
        return problem{400, "bad request body: attribute 'client' must be made of addresses and "
                            "subnets such as 10.0.0.0/8, not '" +
                                std::string(text.substr(0, 60)) + "'"};
    made.bits_ = *bits + prefix;
    return made;
}

bool subnet::has(in6_addr const& host) const
{
    auto const whole = bits_ / 8;
    if (!std::equal(first_.s6_addr, first_.s6_addr + whole, host.s6_addr))
        return false;
    auto const rest = bits_ % 8;
    return rest == 0 || (first_.s6_addr[whole] ^ host.s6_addr[whole]) >> (8 - rest) == 0;
}

result<connection_match> connection_match::from(attribute_values const& values)
{
    if (values.told().empty())
        return connection_match();
    wishes made;
    made.ordinal = values["ordinal"];
    auto ordinals = ordinal_ranges::parse(values.text("ordinals"));
    if (!ordinals)
        return ordinals.error();
    made.ordinals = *std::move(ordinals);
    made.every = static_cast<std::uint64_t>(values["every"]);
    made.label = values.text("label");
    made.broker = values["broker"];
    for (std::string_view rest = values.text("client"); !rest.empty();) {
        auto one = subnet::parse(take_item(rest));
        if (!one)
            return one.error();
        made.clients.push_back(*one);
    }
    connection_match match;
    match.wishes_ = std::make_shared<wishes const>(std::move(made));
    return match;
}

bool connection_match::admits(connection_facts const& who) const
{
    if (!wishes_)
        return true;
    auto const& w = *wishes_;
    if (w.ordinal >= 0 && static_cast<std::uint64_t>(w.ordinal) != who.ordinal)
        return false;
    if (!w.ordinals.empty() && !w.ordinals.has(who.ordinal))
        return false;
    if ((who.ordinal + 1) % w.every != 0)
        return false;
    if (!w.label.empty() && (!who.label || *who.label != w.label))
        return false;
    if (w.broker != no_broker && w.broker != who.broker)
        return false;
    return w.clients.empty() ||
           std::ranges::any_of(w.clients, [&](subnet const& s) { return s.has(who.client.host); });
}

}  // namespace aconite
