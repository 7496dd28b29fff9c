#pragma once

#include <aconite/config.hpp>

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

/// JSON of the REST API as a client sees it. Reading ignores what it does not know.
namespace aconite::client::codec {

/// `value` as text; bytes that are not UTF-8 become U+FFFD.
std::string dump(nlohmann::json const& value);

/// What is wrong with JSON, or what is missing in it, for people: nothing of the parser's own
/// words.
std::string reason(nlohmann::json::exception const& error);

/// By its first letter, in either case: that is how some clients write it, and it comes back so.
stream to_stream(std::string const& text);

/// These throw nlohmann::json::exception if a field is missing or of the wrong kind.
proxy_info to_proxy(nlohmann::json const& object);
std::vector<broker_info> to_brokers(nlohmann::json const& list);
toxic_info to_toxic(nlohmann::json const& object);
lease_info to_lease(nlohmann::json const& object);

nlohmann::json to_json(proxy_config const& config);
nlohmann::json to_json(proxy_patch const& patch);
nlohmann::json to_json(toxic_config const& config);
nlohmann::json to_json(toxic_patch const& patch);

/// The shortest number that reads back as `value`: 0.2, not 0.20000000298.
double shortest(float value);

}  // namespace aconite::client::codec
