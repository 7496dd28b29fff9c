#pragma once

#include "toxics/redis/address_book.hpp"

#include <string>
#include <string_view>

/// Addresses that stand in texts. Each of these makes the text anew, with those from a book; what
/// is not as servers write it stays as it is.
namespace aconite::redis {

/// Whether an error tells where else to ask: MOVED, ASK, or Valkey's REDIRECT.
bool is_redirection(std::string_view error);

/// An error without the sign before it, as `MOVED 3999 127.0.0.1:6381`.
std::string redirection_inside(std::string_view error, address_book& book);

/// Lines of CLUSTER NODES: `id host:port@bus,hostname,... flags ...`.
std::string nodes_inside(std::string_view lines, address_book& book);

/// What INFO tells of replication, or a sentinel of its masters.
std::string info_inside(std::string_view lines, address_book& book);

/// Whether messages of that channel may be what a sentinel tells of servers.
bool is_of_sentinel(std::string_view channel);

/// A message that a sentinel published.
std::string event_inside(std::string_view channel, std::string_view text, address_book& book);

}  // namespace aconite::redis
