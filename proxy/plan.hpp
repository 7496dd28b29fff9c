#pragma once

#include "proxy/draw.hpp"
#include "proxy/pipeline.hpp"

#include <aconite/config.hpp>

#include <array>
#include <cstdint>
#include <memory>
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
};

/// What a proxy does to its streams: an immutable value, shared by all shards.
struct plan {
    std::array<std::vector<planned_toxic>, stream_count> streams;

    /// The stages of connection `ordinal` on stream `s`. Whether a toxic acts on a connection
    /// depends on its key and the ordinal alone, so it stands whatever else is edited.
    [[nodiscard]] std::vector<stage_spec> draw_for(stream s, std::uint64_t ordinal) const
    {
        std::vector<stage_spec> drawn;
        for (auto const& toxic : streams[static_cast<std::size_t>(s)]) {
            auto const key = mix(mix(toxic.key, ordinal), static_cast<std::uint64_t>(s));
            if (draw(key) < static_cast<double>(toxic.toxicity))
                drawn.push_back({toxic.id, toxic.version, toxic.type, toxic.values, key});
        }
        return drawn;
    }
};

}  // namespace aconite
