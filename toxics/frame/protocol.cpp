#include "toxics/frame/protocol.hpp"

#include "toxics/frame/follower.hpp"
#include "toxics/frame/settings.hpp"

#include <iterator>

namespace aconite::frame {
namespace {

/// In the order of the facts.
constexpr attribute frame_match_attributes[] = {
    {.name = "frame",
     .summary = "numbers of the frame on its stream, counted from 0, and ranges: 0,3,7-9",
     .kind = attribute_kind::list,
     .extra = true,
     .ranges = true},
    {.name = "size",
     .summary = "its size in bytes, all of it, several and ranges with commas: 5,100-199",
     .kind = attribute_kind::list,
     .extra = true,
     .ranges = true},
    {.name = "hex",
     .summary = "a regular expression (RE2) on its first 64 bytes in digits 0 to 9, a to f: ^0d0a",
     .kind = attribute_kind::pattern,
     .extra = true,
     .caseless = true},
    {.name = "bytes",
     .summary = "a regular expression (RE2) on its first 4096 bytes, each of which is a character",
     .kind = attribute_kind::pattern,
     .extra = true,
     .binary = true},
};
static_assert(std::size(frame_match_attributes) == fact_count);

std::unique_ptr<conversation> make_frame_follower(std::shared_ptr<protocol_common> const& common)
{
    return std::make_unique<follower>(std::static_pointer_cast<framing const>(common));
}

}  // namespace

constinit protocol_type const protocol{
    .name = "frame",
    .summary = "any protocol that has frames: of a stated length, with a delimiter, of one size",
    .match = frame_match_attributes,
    .make = &make_frame_follower,
    .settings = settings_attributes,
    .check_settings = &check_settings,
    .make_configured = &make_framing,
};

}  // namespace aconite::frame
