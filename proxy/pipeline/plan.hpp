#pragma once

#include "proxy/pipeline/connection_match.hpp"
#include "proxy/pipeline/draw.hpp"
#include "proxy/pipeline/operation_rules.hpp"
#include "proxy/pipeline/pipeline.hpp"

#include <aconite/config.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace aconite {

/// One toxic of a proxy as every connection sees it.
struct planned_toxic {
    std::uint64_t id = 0;       ///< ascending in order of creation
    std::uint64_t version = 0;  ///< changes with the attributes
    toxic_type const* type = nullptr;
    attribute_values values;
    float toxicity = 1.0F;
    std::uint64_t key = 0;  ///< of its random numbers, over all connections
    stream direction = stream::downstream;
    connection_match match{};
    std::shared_ptr<aconite::trigger> trigger{};  ///< null: acts at once and always
    /// Of all its connections, for each stream that it acts on.
    std::array<std::shared_ptr<toxic_common>, stream_count> common{};
    std::optional<double> drop_rate{};               ///< of segments that the kernel drops instead
    std::shared_ptr<sharded<toxic_meter>> meters{};  ///< null: nobody counts
    /// Of a toxic that acts on operations; else null.
    std::shared_ptr<operation_rule const> rule{};

    /// Makes `common` anew.
    void renew_common()
    {
        for (auto const each : {stream::upstream, stream::downstream})
            if (direction == each || direction == stream::both)
                common[static_cast<std::size_t>(each)] = type->common_for(values);
    }

    /// Whether it acts on a connection: depends on its key, its match and what is known of the
    /// connection alone, so it stands whatever else is edited.
    [[nodiscard]] bool acts_on(connection_facts const& who) const
    {
        auto const drawn = draw(key_of(who.ordinal, direction));
        return drawn < static_cast<double>(toxicity) && match.admits(who);
    }

    /// Key of its random numbers on one stream of connection `ordinal`.
    [[nodiscard]] std::uint64_t key_of(std::uint64_t ordinal, stream s) const
    {
        return mix(mix(key, ordinal), static_cast<std::uint64_t>(s));
    }
};

/// What a proxy does to its streams and to who connects: an immutable value, shared by all shards.
struct plan {
    std::array<std::vector<planned_toxic>, stream_count> streams;
    /// Those that act on attempts to connect: see attempts.hpp.
    std::vector<planned_toxic> attempts;
    /// Those that act on operations of the proxy's protocol.
    std::vector<planned_toxic> operations;

    /// What connections that open now are called; null: nothing.
    std::shared_ptr<std::string const> label;

    /// The stages of a connection of shard number `shard` on stream `s`.
    [[nodiscard]] std::vector<stage_spec> draw_for(stream s, connection_facts const& who,
                                                   std::size_t shard) const
    {
        std::vector<stage_spec> drawn;
        for (auto const& toxic : streams[static_cast<std::size_t>(s)])
            if (toxic.acts_on(who))
                drawn.push_back({toxic.id, toxic.version, toxic.type, toxic.values,
                                 toxic.key_of(who.ordinal, s), toxic.trigger,
                                 toxic.common[static_cast<std::size_t>(s)], toxic.drop_rate,
                                 meter_of(toxic.meters, shard), toxic.direction == stream::both});
        return drawn;
    }

    /// The same for what acts on the connection's operations.
    [[nodiscard]] std::vector<operation_spec> draw_operations(connection_facts const& who,
                                                              std::size_t shard) const
    {
        std::vector<operation_spec> drawn;
        for (auto const& toxic : operations)
            if (toxic.acts_on(who))
                drawn.push_back({toxic.id, toxic.key_of(who.ordinal, toxic.direction), toxic.rule,
                                 toxic.trigger, meter_of(toxic.meters, shard), toxic.direction});
        return drawn;
    }
};

}  // namespace aconite
