#pragma once

#include <aconite/attribute.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace aconite {

/// What a match can name. A toxic acts only on connections that fit all of it.
std::span<attribute const> match_row();

/// What a trigger can name: when a toxic acts on the connections that it acts on.
std::span<attribute const> trigger_row();

/// A change that the engine makes to a toxic by itself.
struct schedule_step {
    /// What is done to the toxic.
    enum class action : std::uint8_t {
        add,     ///< it takes effect
        update,  ///< its toxicity or attributes change
        remove,  ///< it is out of effect; behind the last step it is removed for good
    };
    /// When, in ms after the toxic was created or its schedule was replaced; up to `time_ms_max`.
    std::int64_t at_ms = 0;
    action what = action::add;  ///< what is done then
    /// Of an update; what is not listed stays.
    std::optional<float> toxicity{};
    attribute_list attributes{};  ///< of an update; what is not listed stays

    /// Whether all members are equal.
    friend bool operator==(schedule_step const&, schedule_step const&) = default;
};

/// At most so many steps in one schedule.
inline constexpr std::size_t schedule_steps_max = 1000;

/// Where and when a toxic acts, beside its toxicity. A plain value; each part may be left out.
struct toxic_aim {
    /// By `match_row`; what is not listed fits all connections.
    attribute_list match{};
    /// By `trigger_row`; what is not listed stays at its fallback.
    attribute_list trigger{};
    /// The toxic is removed after so many ms, from 1 to `time_ms_max`; 0: it stays.
    std::optional<std::int64_t> ttl_ms{};
    /// In ascending order of `at_ms`. A toxic whose first step adds it is out of effect until then.
    std::optional<std::vector<schedule_step>> schedule{};
    /// Key of the toxic's random decisions instead of the proxy's or the engine's.
    std::optional<std::uint64_t> seed{};
    /// Id of the lease (see `engine::open_lease`) that it ends with. Empty: none.
    std::string lease{};
};

}  // namespace aconite
