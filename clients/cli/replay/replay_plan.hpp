#pragma once

#include "clients/cli/replay/recorded_toxics.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace aconite::cli {

/// A toxic to add, so that it does what it did.
struct replayed_toxic {
    std::string proxy;
    nlohmann::json config;  ///< the body that adds it
    /// So many of its name have to be added, and removed, before, for the same random decisions.
    std::size_t nth = 0;
    /// Ways in which what it does may differ, for people.
    std::vector<std::string> doubts;
};

struct replay_plan {
    std::vector<replayed_toxic> toxics;  ///< in the order in which they were added
    /// What is not replayed, for people.
    std::vector<std::string> left_out;
};

/// How to have the toxics that acted act again, on proxies that are new.
replay_plan plan_replay(recorded_toxics const& recorded);

}  // namespace aconite::cli
