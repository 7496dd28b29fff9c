#pragma once

#include "proxy/net/address.hpp"

#include <aconite/time.hpp>

#include <cstddef>
#include <vector>

namespace aconite {

/// The addresses of a name in the order in which to try them (RFC 8305): the families take turns,
/// beginning with that of the first; within a family the order stays as it is.
std::vector<address> in_turns(std::vector<address> const& found);

/// How long to wait for the answer of one of `count` addresses before the next is tried beside it:
/// 250 ms, or less where it takes less to give each of them its share of `limit`.
duration dial_step(std::size_t count, duration limit);

}  // namespace aconite
