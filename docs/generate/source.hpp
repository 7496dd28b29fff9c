#pragma once

#include "docs/generate/scenario.hpp"

#include "api/json/json_text.hpp"

#include <aconite/toxic_type.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace aconite::docs {

using api::json;

/// A fault as people name it, the toxic that makes it, and the commands it takes the place of.
struct fault {
    std::string group;  ///< one of `fault_groups`
    std::string symptom;
    json toxic;
    std::string tc;
    std::string iptables;
    std::string pumba;
};

/// Headings of the table of faults, in its order.
inline constexpr std::string_view fault_groups[] = {
    "It is slow",          "It goes silent",
    "The connection ends", "It cannot connect",
    "PostgreSQL fails",    "Kafka fails",
    "Redis fails",         "Any protocol fails",
    "MongoDB fails",       "The data arrives cut up or wrong"};

/// What there is to say about one toxic: its row, and what was written by hand about it.
struct toxic_source {
    toxic_type const* type = nullptr;
    std::string words;
    json example;  ///< the body of a request that adds it
    std::vector<fault> faults;
    std::string caption;  ///< below the picture
    /// Without one there is no picture.
    std::optional<std::variant<scenario, attempt_scenario>> scene;
};

/// The whole file. Throws std::runtime_error, which names the file, if it is not there.
std::string read_text(std::filesystem::path const& file);

/// From `folder`/<type>.md and `folder`/<type>.json. Throws std::runtime_error, which names the
/// file, if one is not there or cannot be used.
toxic_source read_source(toxic_type const& type, std::filesystem::path const& folder);

}  // namespace aconite::docs
