#pragma once

#include "toxics/kafka/schema/tables.hpp"

#include <cstdint>
#include <optional>

namespace aconite::kafka {

/// What stands in a frame, behind its four bytes of length: a header, and a body.
struct frame_layout {
    message const* header = nullptr;
    std::int16_t header_version = 0;
    message const* body = nullptr;
    std::int16_t body_version = 0;
};

/// Of a request, or of the answer to one. None: there is no table for it, or none of this version.
std::optional<frame_layout> layout_of(direction way, std::int16_t api_key, std::int16_t version);

/// Whether anything can be told of requests of this kind and version, and of their answers: what is
/// newer than the tables may look like anything, header included. True also for those without a
/// table.
bool is_known(std::int16_t api_key, std::int16_t version);

}  // namespace aconite::kafka
