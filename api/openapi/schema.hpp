#pragma once

#include "api/json/json_text.hpp"

#include <aconite/attribute.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

/// JSON Schemas, piece by piece. What the API tells is described exactly; of what it takes, null is
/// as good as absent. `about` is one line for people.
namespace aconite::api::schema {

/// The largest seed that the API takes: what a signed JSON number of 64 bits can be.
inline constexpr auto seed_max = std::numeric_limits<std::int64_t>::max();

/// What a toxic or a record can be of.
inline constexpr std::string_view all_streams[] = {"upstream", "downstream", "both"};

json text(std::string_view about);
json flag(std::string_view about);
json whole(std::string_view about, std::int64_t minimum = 0,
           std::optional<std::int64_t> maximum = std::nullopt);
json number(std::string_view about, double minimum, double maximum);
json one_of(std::string_view about, std::span<std::string_view const> words);
json list_of(json items);
/// A reference to the schema called `name` in schemas.cpp.
json named(std::string_view name);
/// The same, or null.
json or_null(json schema);

/// An object that has all of `members`, perhaps some of `optional`, and nothing else.
json told(json members, json const& optional = json::object());
/// An object that must have what is `required` of `members`; others are ignored.
json taken(json members, std::vector<std::string_view> const& required = {});
/// The same where others are not ignored, but wrong.
json taken_strictly(json members, std::vector<std::string_view> const& required = {});

/// An attribute's kind, bounds and unit.
json of(attribute const& row);
/// Each attribute of a row, by name.
json members_of(std::span<attribute const> row);
/// An object of a row's values as they are told: `extra` ones only where they differ from their
/// fallback.
json values_of(std::span<attribute const> row);

}  // namespace aconite::api::schema
