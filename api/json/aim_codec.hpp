#pragma once

#include "api/json/object_reader.hpp"

#include <aconite/aim.hpp>
#include <aconite/problem.hpp>
#include <aconite/toxic_type.hpp>

#include <optional>
#include <string>

/// JSON <-> where and when a toxic acts. No client of the reference sends these members, so what
/// is not known in them is a 400 that names it.
namespace aconite::api {

/// What aims a toxic whose type is not known yet. Refers to the body.
struct aim_draft {
    json const* match = nullptr;
    json const* trigger = nullptr;
    json const* schedule = nullptr;
    std::optional<std::int64_t> ttl_ms;
    std::optional<std::int64_t> seed;
    std::string lease;
    std::string pointer;
};

/// Takes its members from `in`.
aim_draft read_aim(object_reader& in);
result<toxic_aim> decode_aim(aim_draft const& draft, toxic_type const& type);

/// A seed as given, if it was. 400 if it is negative.
result<std::optional<std::uint64_t>> decode_seed(std::optional<std::int64_t> given,
                                                 std::string_view pointer);

/// Adds what is set of `aim` to a toxic.
void append_aim(json& toxic, toxic_aim const& aim);

/// The values of the attributes of `row` that `in` has.
attribute_list read_values(object_reader& in, std::span<attribute const> row);
/// One value as the API tells it.
json value_json(attribute_value const& value);
/// `{"name": value...}`.
json to_json(attribute_list const& attributes);

}  // namespace aconite::api
