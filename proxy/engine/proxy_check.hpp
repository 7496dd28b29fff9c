#pragma once

#include "proxy/engine/toxic_entry.hpp"

#include <aconite/config.hpp>
#include <aconite/problem.hpp>
#include <aconite/toxic_type.hpp>

#include <cstddef>
#include <vector>

namespace aconite {

/// 400 `missing required field: ` and its name.
problem missing(char const* field);

/// The same problem, naming the entry of a list, which counts from 0 here and from 1 in the text.
problem at_proxy(problem p, std::size_t index);

/// 400 that names the field: a range of ports that is none, a host that is none, or settings of
/// brokers where the protocol, which may be null, knows of no brokers.
result<void> check_brokers(broker_settings const& settings, protocol_type const* protocol);

/// The toxics of each of several proxies that are to be created. A problem names the entry: 400
/// for a missing name or upstream, or what `check_toxics` says.
result<std::vector<std::vector<toxic_entry>>>
check_proxies(toxic_registry const& known, std::vector<proxy_config> const& configs);

/// The same for proxies that are to be all there are: 400 also for a name that is used twice, and
/// for an address of an enabled proxy that nobody could listen on, or two of them could not both.
result<std::vector<std::vector<toxic_entry>>>
check_configuration(toxic_registry const& known, std::vector<proxy_config> const& configs);

}  // namespace aconite
