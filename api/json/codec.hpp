#pragma once

#include "api/json/aim_codec.hpp"
#include "api/json/json_text.hpp"
#include "api/json/object_reader.hpp"

#include <aconite/config.hpp>
#include <aconite/problem.hpp>
#include <aconite/toxic_type.hpp>

#include <string>
#include <string_view>
#include <vector>

/// JSON <-> the engine's values. Bodies that cannot be decoded are 400 `bad request body: `
/// and a detail that names the member by its JSON pointer.
namespace aconite::api {

json to_json(proxy_info const& proxy);
json to_json(std::vector<proxy_info> const& proxies);
json to_json(toxic_info const& toxic);
json to_json(std::vector<toxic_info> const& toxics);
json to_json(connection_info const& connection);
json to_json(std::vector<broker_info> const& brokers);
json to_json(problem const& p);

/// What the kinds of attributes are called, by their value.
inline constexpr std::string_view attribute_kind_names[] = {"integer", "number", "choice",  "text",
                                                            "numbers", "flag",   "pattern", "list"};

/// What a proxy may bring along.
struct decode_options {
    toxic_registry const& toxic_types;
    /// Toxiproxy's way: `toxics` inside a proxy are not looked at.
    bool ignore_toxics = false;
};

/// The first value of a body.
result<json> parse_body(std::string_view body);

/// A proxy to create. Toxics in it are checked as far as the engine would, and what is wrong
/// with one names its position. A missing name or upstream is left empty.
result<proxy_config> decode_proxy(json const& value, decode_options const& options,
                                  ignored_members& ignored);
/// A list of them; null is the empty list.
result<std::vector<proxy_config>> decode_proxies(json const& value, decode_options const& options,
                                                 ignored_members& ignored);
result<proxy_patch> decode_proxy_patch(json const& value, ignored_members& ignored);

/// A toxic whose type is not known yet, so that its attributes cannot be told.
struct toxic_draft {
    toxic_config config;
    /// An object or null. Refers to the body.
    json const* attributes = nullptr;
    aim_draft aim;
    std::string pointer;
};

/// 400 for a bad body, then for a bad stream.
result<toxic_draft> decode_toxic(json const& value, std::string pointer, ignored_members& ignored);
/// The whole of it, attributes called as the type's row calls them.
result<toxic_config> finish_toxic(toxic_draft draft, toxic_type const& type,
                                  ignored_members& ignored);
result<toxic_patch> decode_toxic_patch(json const& value, toxic_type const& type,
                                       ignored_members& ignored);

}  // namespace aconite::api
