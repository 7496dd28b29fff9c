#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace aconite::cli {

/// What a toxic did on one connection.
struct recorded_acts {
    /// Where in its stream it first acted on data.
    std::optional<std::uint64_t> offset;
    std::uint64_t hits = 0;
};

/// A toxic from when it was added to when it was removed, as a journal tells.
struct recorded_toxic {
    std::string proxy;
    std::string name;
    /// So many toxics of that name had been added to the proxy before: a part of the key of its
    /// random decisions.
    std::size_t nth = 0;
    /// As it was when it first acted, or else is.
    nlohmann::json config;
    /// By the connection's ordinal.
    std::map<std::uint64_t, recorded_acts> acts;
    /// Acts that have no connection: it turned clients away.
    std::uint64_t acts_at_the_door = 0;
    /// Connections that were open when it became as it was then, by ordinal.
    std::set<std::uint64_t> open_before;
    bool changed_since = false;  ///< since it first acted
    bool changed = false;        ///< between two acts
    bool removed_early = false;  ///< while connections were open on which it had acted
    /// The proxy was created anew afterwards, and counts its connections anew.
    bool proxy_replaced = false;
    /// The journal has how the proxy was created, and thus all toxics that it ever had.
    bool from_the_start = false;

    [[nodiscard]] bool acted() const { return !acts.empty() || acts_at_the_door > 0; }
};

/// The toxics of a journal, in the order in which they were added.
class recorded_toxics {
public:
    /// The records, in their order. Throws nlohmann::json::exception for what is none.
    void read(nlohmann::json const& record);

    [[nodiscard]] std::vector<recorded_toxic> const& all() const { return all_; }
    /// Records that were left out, or were overwritten.
    [[nodiscard]] std::uint64_t missing() const { return missing_; }
    /// Acts of toxics whose configuration the journal does not have.
    [[nodiscard]] std::uint64_t unexplained() const { return unexplained_; }

private:
    struct proxy_state {
        bool from_the_start = false;
        std::set<std::uint64_t> open;              ///< ordinals
        std::map<std::string, std::size_t> added;  ///< toxics, by name
        std::map<std::string, std::size_t> last;   ///< of each name, its place in `all_`
    };

    static void take(recorded_toxic& toxic, nlohmann::json const& config, proxy_state const& proxy);
    void read_change(nlohmann::json const& record, proxy_state& proxy);
    void read_act(nlohmann::json const& record, proxy_state const& proxy);

    std::vector<recorded_toxic> all_;
    std::map<std::string, proxy_state> proxies_;
    std::uint64_t last_seq_ = 0;
    std::uint64_t missing_ = 0;
    std::uint64_t unexplained_ = 0;
};

}  // namespace aconite::cli
