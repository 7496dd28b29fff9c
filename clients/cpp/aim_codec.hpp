#pragma once

#include <aconite/aim.hpp>

#include <nlohmann/json.hpp>

/// JSON of where and when a toxic acts, as a client sees it. Reading ignores what it does not know.
namespace aconite::client::codec {

/// Adds what is set of `aim` to a toxic.
void append_aim(nlohmann::json& toxic, toxic_aim const& aim);
/// What is set of it, nothing of a Toxiproxy server's toxics. Throws nlohmann::json::exception if
/// a member is of the wrong kind.
toxic_aim to_aim(nlohmann::json const& toxic);

nlohmann::json to_json(attribute_list const& attributes);
/// The attributes of an object, without those that no attribute can hold.
attribute_list to_attributes(nlohmann::json const& object);

}  // namespace aconite::client::codec
