#pragma once

#include "api/json/json_text.hpp"
#include "api/options.hpp"

#include <aconite/toxic_type.hpp>

namespace aconite::api {

/// The schemas that `route_doc` names, by name: what the codec takes and tells.
json all_schemas(toxic_registry const& types, api_options options);

/// Those of them that come from the rows of the toxics.
json toxic_schemas(toxic_registry const& types);

/// A list of brokers and where clients are told that they are.
json seen_brokers();

/// Those of the journal, the counters and conditions.
json journal_schemas();

}  // namespace aconite::api
