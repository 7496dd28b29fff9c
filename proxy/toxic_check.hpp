#pragma once

#include "proxy/proxy_entry.hpp"

#include <aconite/config.hpp>
#include <aconite/toxic_type.hpp>

#include <string>
#include <vector>

namespace aconite {

/// The name asked for, or `<type>_<stream>`.
std::string default_name(toxic_config const& config);

/// The kind asked for. 400 `invalid toxic type`.
result<toxic_type const*> find_type(toxic_registry const& known, toxic_config const& config);

/// `values` with `changes` made. All or nothing: 400 naming the attribute and its bound.
result<attribute_values> check_values(toxic_type const& type, attribute_values values,
                                      attribute_list const& changes);

/// A toxic that can be put in force.
result<toxic_entry> check_toxic(toxic_type const& type, toxic_config const& config);

/// All toxics of a proxy that is to be created; 409 if two have one name.
result<std::vector<toxic_entry>> check_toxics(toxic_registry const& known,
                                              std::vector<toxic_config> const& configs);

}  // namespace aconite
