#pragma once

#include "clients/experiment/file/faults.hpp"
#include "clients/experiment/file/field.hpp"
#include "clients/experiment/file/node.hpp"
#include "clients/experiment/file/settings.hpp"

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace aconite::experiment {

/// What `written` says for that field, or a fault that names it and its bounds, and nothing.
std::optional<settings::entry> decode(field const& row, node const& written, faults& found);

/// All of a mapping by the rows; keys in `beside` are somebody else's. Faults for unknown keys,
/// with a suggestion, for values that do not fit and for required ones that are missing. `what` is
/// the mapping's name for people: `the probe db.orders`.
settings decode_all(std::span<field const> rows, node const& mapping,
                    std::span<std::string_view const> beside, std::string_view what, faults& found);

/// The value as JSON would have it: plain scalars that are numbers or true and false are such.
json json_of(node const& written);

}  // namespace aconite::experiment
