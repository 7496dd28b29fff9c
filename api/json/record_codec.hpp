#pragma once

#include "api/json/json_text.hpp"

#include <aconite/journal.hpp>
#include <aconite/stats.hpp>

namespace aconite::api {

/// `when` in UTC as RFC 3339 writes it, with microseconds.
std::string rfc3339(std::chrono::system_clock::time_point when);

/// One record, with the members that its kind has.
json to_json(journal_record const& record);
json to_json(proxy_stats const& stats);

}  // namespace aconite::api
