#pragma once

#include "proxy/net/address.hpp"
#include "proxy/pipeline/ordinal_ranges.hpp"

#include <aconite/aim.hpp>
#include <aconite/problem.hpp>

#include <netinet/in.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace aconite {

/// In place of a broker's number: it is not known for which broker of its cluster a connection is.
inline constexpr std::int64_t no_broker = -1;

/// What is known of a connection when it opens, and never changes. A plain value.
struct connection_facts {
    std::uint64_t ordinal = 0;  ///< the n-th of its proxy, from 0
    ip_endpoint client{};
    std::shared_ptr<std::string const> label{};
    std::uint64_t beside = 0;  ///< connections of its proxy that were live when it was accepted
    std::int64_t broker = no_broker;  ///< at whose listener it came
};

/// Addresses that have their first bits in common.
class subnet {
public:
    /// "10.0.0.0/8", "::1". 400 if it is neither an address nor a subnet.
    static result<subnet> parse(std::string_view text);

    [[nodiscard]] bool has(in6_addr const& host) const;

private:
    in6_addr first_{};
    unsigned bits_ = 0;
};

/// Which connections a toxic acts on. An immutable value, small where it is all of them.
class connection_match {
public:
    /// Every connection.
    connection_match() = default;
    /// By the values of `match_row`. 400 that names the field.
    static result<connection_match> from(attribute_values const& values);

    [[nodiscard]] bool admits(connection_facts const& who) const;

private:
    struct wishes {
        std::vector<subnet> clients;  ///< none: all
        std::int64_t ordinal = -1;    ///< -1: all
        ordinal_ranges ordinals;      ///< none: all
        std::uint64_t every = 1;
        std::string label;                ///< empty: all
        std::int64_t broker = no_broker;  ///< that: all
    };
    std::shared_ptr<wishes const> wishes_;  ///< null: all
};

}  // namespace aconite
