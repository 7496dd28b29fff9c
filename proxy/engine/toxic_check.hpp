#pragma once

#include "proxy/engine/toxic_entry.hpp"

#include <aconite/config.hpp>
#include <aconite/toxic_type.hpp>

#include <string>
#include <vector>

namespace aconite {

/// The kind asked for. 400 `invalid toxic type`, or for `both` streams that it does not act on.
result<toxic_type const*> find_type(toxic_registry const& known, toxic_config const& config);

/// `values` with `changes` made. All or nothing: 400 naming the attribute and its bound.
result<attribute_values> check_values(toxic_type const& type, attribute_values values,
                                      attribute_list const& changes);

/// What a patch would make of the toxic: 400 naming the field and its bound, 409 if the kernel
/// would have to drop segments but may not: asked each time, since privileges come and go. The
/// steps of the schedule that are still to come have to go with it.
result<toxic_change> check_change(toxic_entry const& before, toxic_patch const& patch);
/// A toxic that can be put in force.
result<toxic_entry> check_toxic(toxic_type const& type, toxic_config const& config);

/// All toxics of a proxy that is to be created; 409 if two have one name.
result<std::vector<toxic_entry>> check_toxics(toxic_registry const& known,
                                              std::vector<toxic_config> const& configs,
                                              protocol_type const* spoken);

/// 409 that says what to write if such a toxic needs another protocol than its proxy speaks.
result<void> check_protocol(toxic_type const& type, protocol_type const* spoken);

/// What the connections of a proxy speak.
struct spoken_protocol {
    protocol_type const* type = nullptr;  ///< null: nobody knows
    attribute_values settings{};          ///< of its own row

    friend bool operator==(spoken_protocol const&, spoken_protocol const&) = default;
};

/// The protocol of that name, none for an empty one. 400 if there is no such, or if it does not
/// take these settings.
result<spoken_protocol> find_protocol(toxic_registry const& known, std::string_view name,
                                      attribute_list const& settings);

}  // namespace aconite
