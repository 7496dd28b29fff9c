#pragma once

#include "clients/experiment/file/catalog.hpp"
#include "clients/experiment/file/settings.hpp"

namespace aconite::experiment {

/// The JSON Schema (draft 7, which editors know best) of files with these kinds: made of the rows
/// that the reader goes by. It knows less than the reader: no names, no expressions.
[[nodiscard]] json schema_of(catalog const& kinds);

}  // namespace aconite::experiment
