#pragma once

#include "clients/experiment/file/field.hpp"
#include "clients/experiment/file/settings.hpp"

#include <initializer_list>
#include <span>
#include <string_view>

/// JSON Schemas of values and of mappings by rows.
namespace aconite::experiment {

/// What all the others refer to.
[[nodiscard]] json schema_definitions();
/// With its description. A text with ${NAME} in it fits wherever a scalar does.
[[nodiscard]] json schema_of_field(field const& row);
/// `properties` of these rows.
[[nodiscard]] json schema_properties(std::span<field const> rows);
/// A mapping of these rows and nothing else; what is required is, but for `given`.
[[nodiscard]] json schema_of_rows(std::span<field const> rows, std::string_view given = {});
/// To one of `definitions`, or a part of it.
[[nodiscard]] json schema_reference(std::string_view definition);
[[nodiscard]] json schema_any_of(std::initializer_list<json> all);
[[nodiscard]] json schema_list_of(json items);
/// A mapping of any names to such values.
[[nodiscard]] json schema_names_to(json values);

}  // namespace aconite::experiment
