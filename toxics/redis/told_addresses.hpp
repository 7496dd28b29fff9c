#pragma once

#include "toxics/redis/address_book.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace aconite::redis {

/// In which form an answer, or a message, tells where servers are.
enum class telling : std::uint8_t {
    nothing,
    slots,      ///< CLUSTER SLOTS
    shards,     ///< CLUSTER SHARDS
    nodes,      ///< CLUSTER NODES, CLUSTER REPLICAS: lines
    address,    ///< SENTINEL GET-MASTER-ADDR-BY-NAME: a host and a port
    instances,  ///< SENTINEL MASTERS and the like: names and values of one, or of each
    role,       ///< ROLE
    info,       ///< INFO, SENTINEL INFO-CACHE
    event,      ///< a message on a sentinel's channel
};

/// What the answer to a command tells, by its first words.
telling told_by(std::span<std::string const> words);

/// An answer, or a message, of that form, which is there as a whole, with addresses from a book.
/// What is not of that form, as an error, is as it was. False: it is not one value, or of more than
/// 65536; then `into` is as it was.
bool put_addresses(telling what, std::string_view answer, address_book& book, std::string& into);

}  // namespace aconite::redis
